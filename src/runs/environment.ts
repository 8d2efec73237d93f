import { isAbsolute, relative } from 'node:path';
import { TunebookError } from '../protocol/error.ts';
import {
  fillText,
  isTelling,
  pointerStep,
  replaceTexts,
  slotOf,
  variablesIn,
  withoutDots,
  type ChangeTexts,
  type Environment,
  type RunEnvironment,
} from '../protocol/environment.ts';

/**
 * The config of a `run.json` with the values that the environment has now. What is given is left as it is.
 * @param run its id, for the message
 * @throws TunebookError `run/environment-missing`, `run/environment-unfit`
 */
export function fillConfig(
  config: unknown,
  environment: RunEnvironment | undefined,
  run: string,
  env: Environment = process.env,
): unknown {
  if (!environment) return config;
  const missing = new Set<string>();
  const filled = atPlaces(config, '', (text, pointer) => {
    const type = environment.places[pointer];
    if (type === undefined) return text;
    for (const name of variablesIn(text)) if (env[name] === undefined) missing.add(name);
    const value = fillText(text, env);
    if (type === 'text') return value;
    if (type === 'boolean') return value === 'true';
    if (missing.size === 0 && !Number.isFinite(Number(value))) throw unfit(run, pointer, text);
    return Number(value);
  });
  if (missing.size > 0) throw notSet(run, [...missing].sort());
  return filled;
}

/** The places of a part of a config, as pointers into that part. */
export function environmentUnder(
  environment: RunEnvironment | undefined,
  pointer: string,
): RunEnvironment | undefined {
  if (!environment) return undefined;
  const inside = Object.entries(environment.places).filter(([place]) => place.startsWith(`${pointer}/`));
  return {
    places: Object.fromEntries(inside.map(([place, type]) => [place.slice(pointer.length), type])),
    masked: environment.masked,
  };
}

/** Keeps values of the environment out of what is written. */
export interface Mask {
  /** Writes `${env.NAME}` in place of each value. */
  readonly mask: ChangeTexts;
  /** Puts the values back that the environment has now, for what a process reads again of its own. */
  readonly unmask: ChangeTexts;
}

/**
 * The mask of some variables. Values that are numbers or shorter than four characters stay: they are in no way secret, and would
 * be found in the middle of others. Of a relative path the part is masked that an absolute one has as well.
 * @param workspace where it is given, paths that are seen from there are masked too
 */
export function maskOf(
  names: readonly string[],
  { env = process.env, workspace }: { env?: Environment; workspace?: string } = {},
): Mask {
  const values = names.flatMap((name) => {
    const value = withoutDots(env[name] ?? '');
    const slot = slotOf(name);
    const inside = workspace !== undefined && isAbsolute(value) ? relative(workspace, value) : value;
    const forms = inside.startsWith('..') ? [value] : [value, inside];
    return forms.filter(isTelling).map((form) => ({ form, slot, value }));
  });
  // The longest first: one value may be the beginning of another.
  values.sort((a, b) => b.form.length - a.form.length);
  return {
    mask: replaceTexts(values.map(({ form, slot }) => [form, slot])),
    unmask: replaceTexts(values.map(({ slot, value }) => [slot, value])),
  };
}

function atPlaces(
  value: unknown,
  pointer: string,
  change: (text: string, pointer: string) => unknown,
): unknown {
  if (typeof value === 'string') return change(value, pointer);
  if (Array.isArray(value))
    return value.map((each, index) => atPlaces(each, pointer + pointerStep(index), change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, atPlaces(each, pointer + pointerStep(key), change)]),
  );
}

function notSet(run: string, names: string[]): TunebookError {
  const [what, which] = names.length === 1 ? ['variable', 'is'] : ['variables', 'are'];
  return new TunebookError(
    'run/environment-missing',
    `${run} takes values from the environment, where the ${what} ${names.join(', ')} ${which} not set.`,
    { hint: `Set ${names.join(' and ')} as when the run was started, and try again.` },
  );
}

function unfit(run: string, pointer: string, text: string): TunebookError {
  return new TunebookError(
    'run/environment-unfit',
    `${run} takes a number for ${pointer.slice(1).replaceAll('/', '.')} from ${text}, which stands for none now.`,
    { hint: 'Set it as when the run was started, and try again.' },
  );
}
