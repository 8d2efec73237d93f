/** Texts that name variables of the environment: how they are written into a run directory, and filled in again. */

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How a text from the environment is read: as it is, or as the number or truth value that it spells. */
export type EnvironmentType = 'text' | 'number' | 'boolean';

/** What of a run comes from environment variables. Their names are kept, their values never. */
export interface RunEnvironment {
  /** By JSON pointer into `config`: where a `${env.NAME}` stands to be filled in. `$${` there is a `${` as it is. */
  places: Record<string, EnvironmentType>;
  /** Variables whose values are left out of all that the run writes: those that stand in a free text. */
  masked: string[];
}

/** A `${env.NAME}`; `$${` is a `${` that is meant as it stands. */
const SLOT = /\$(\$\{)|\$\{env\.([A-Za-z0-9_][A-Za-z0-9_-]*)\}/g;

/** How a variable is written. */
export function slotOf(name: string): string {
  return `\${env.${name}}`;
}

/** The variables that a text names, in their order. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(SLOT)].flatMap(([, , name]) => name ?? []);
}

/** A text in which nothing is taken for a `${…}` when it is filled. */
export function escapeSlots(text: string): string {
  // A function, for `$$` in a replacement is a single one.
  return text.replaceAll('${', () => '$${');
}

/** A text with the values of the variables in place of their names; one that is not set stays as it is written. */
export function fillText(text: string, env: Environment): string {
  return text.replace(SLOT, (written, escaped: string | undefined, name: string | undefined) => {
    if (escaped !== undefined) return escaped;
    return (name === undefined ? undefined : env[name]) ?? written;
  });
}

/** A step of a JSON pointer (RFC 6901). */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Values that are shorter say nothing, and would be taken out of the middle of words. */
const SHORTEST = 4;

/** Whether a value can tell something: numbers and very short ones do not, and would be found in the middle of others. */
export function isTelling(value: string): boolean {
  return value.length >= SHORTEST && !Number.isFinite(Number(value));
}

/** The part of a relative path that the absolute one made of it has as well; other values as they are. */
export function withoutDots(value: string): string {
  return value.replace(/^(\.{1,2}[\\/])+/, '');
}

/** Changes every text of a JSON value, keys aside. */
export type ChangeTexts = <Value>(value: Value) => Value;

/** Puts the second of each pair in place of the first, pair after pair. */
export function replaceTexts(pairs: readonly (readonly [string, string])[]): ChangeTexts {
  if (pairs.length === 0) return (value) => value;
  const inside = (value: unknown): unknown => {
    if (typeof value === 'string')
      return pairs.reduce((text, [from, to]) => text.split(from).join(to), value);
    if (Array.isArray(value)) return value.map(inside);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inside(each)]));
  };
  // SAFETY: texts become texts, and everything else keeps its shape.
  return <Value>(value: Value) => inside(value) as Value;
}
