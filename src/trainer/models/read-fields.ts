import { TunebookError } from '../../protocol/error.ts';

/** A `config.json`, or an `architecture:` block, as it was parsed. */
export type Fields = Readonly<Record<string, unknown>>;

/** The default of a number that need not be given. */
export const OPTIONAL_NUMBER: number | null = null;

/**
 * The fields of a config that a model is computed from: those of `defaults`, each of the type that its default has. A
 * default of null stands for a number that need not be given.
 * @param counts names of fields that are whole numbers above zero
 * @throws TunebookError `model/bad-config`
 */
export function readFields<Config extends object>(
  defaults: Config,
  fields: Fields,
  file: string,
  counts: RegExp,
): Config {
  const given: Record<string, unknown> = {};
  for (const [name, fallback] of Object.entries(defaults)) {
    const value = fields[name];
    if (value === undefined || (value === null && fallback === null)) continue;
    const wanted = fallback === null ? 'number' : typeof fallback;
    if (typeof value !== wanted)
      throw badConfig(file, `${name} is ${JSON.stringify(value)}, not a ${wanted}`);
    if (
      typeof value === 'number' &&
      (value < 0 || (counts.test(name) && !(Number.isInteger(value) && value > 0)))
    )
      throw badConfig(file, `${name} is ${value}`);
    given[name] = value;
  }
  return { ...defaults, ...given };
}

/** Makes sure that heads divide the width. */
export function checkHeads(
  file: string,
  width: number,
  heads: number,
  names: readonly [string, string],
): void {
  if (width % heads !== 0)
    throw badConfig(file, `${names[0]} ${width} is not a multiple of ${names[1]} ${heads}`);
  if (width % 4 !== 0) throw badConfig(file, `${names[0]} ${width} is not a multiple of 4`);
}

/**
 * Makes sure that fields which would change the computation are not set to what is not computed.
 * @param refused the value of each field that is refused
 */
export function refuse(file: string, fields: Fields, refused: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(refused))
    if (fields[name] === value)
      throw badConfig(file, `${name} is ${JSON.stringify(value)}, which is not computed`);
}

/** Makes sure that a field has one of the values that are computed. */
export function checkOneOf(file: string, name: string, value: unknown, known: readonly string[]): void {
  if (typeof value === 'string' && known.includes(value)) return;
  throw badConfig(file, `${name} ${JSON.stringify(value)} is not one of ${known.join(', ')}`);
}

/** The error for a config that the trainer cannot compute a model from. */
export function badConfig(file: string, what: string): TunebookError {
  return new TunebookError('model/bad-config', `The model's config is not usable: ${what}.`, {
    hint: 'The config.json must be the one that was saved with the weights.',
    location: { file },
  });
}
