import { isObject } from './tokenizer/json.ts';

/** The names of the classes of each column, in the order of their ids. */
export type ClassNames = Readonly<Record<string, readonly string[]>>;

/**
 * The columns that Hugging Face `datasets` keeps as the ids of classes (`ClassLabel`), alone or in a list, with their names: what the
 * entry `huggingface` of a Parquet file's metadata says. What cannot be read there says nothing.
 */
export function classNames(metadata: string | undefined): ClassNames {
  const features = path(parsed(metadata), 'info', 'features');
  if (!isObject(features)) return {};
  const found = Object.entries(features).flatMap(([column, feature]) => {
    const list: unknown[] | undefined = Array.isArray(feature) ? feature : undefined;
    const inner = list?.[0] ?? path(feature, 'feature') ?? feature;
    const names = path(inner, '_type') === 'ClassLabel' ? path(inner, 'names') : undefined;
    return isTexts(names) ? [[column, names] as const] : [];
  });
  return Object.fromEntries(found);
}

/** A value with the names of classes in place of their ids. −1 stands for no class; an id without a name stays. */
export function namedClasses(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => namedClasses(item, names));
  if (value === -1) return null;
  return typeof value === 'number' ? (names[value] ?? value) : value;
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function path(value: unknown, ...names: string[]): unknown {
  let current = value;
  for (const name of names) current = isObject(current) ? current[name] : undefined;
  return current;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
