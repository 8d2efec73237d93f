import { moveFix } from '../edit.ts';
import { nearest } from '../nearest.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, type Problem } from '../problem.ts';
import { fieldsOf, mapSchema, namedValues, schemaOf, type FieldSchema } from '../schema/navigate.ts';
import type { Entry, MapNode } from '../tree.ts';
import { FORMER_TRAINING_ARGUMENTS, type FormerField } from './huggingface-renamed.ts';
import {
  UNSUPPORTED_BERT_CONFIG,
  UNSUPPORTED_LORA_CONFIG,
  UNSUPPORTED_TRAINING_ARGUMENTS,
} from './huggingface-unsupported.ts';
import { renameFix } from './rename-fix.ts';

/** Of so many unknown fields of one map it is considered what they mean; a map with more is something else altogether. */
export const MAX_CONSIDERED = 100;

/** What a person most likely means by a field that is not part of the language. */
type Meaning =
  | { is: 'former'; former: FormerField }
  | { is: 'unsupported'; origin: string; reason: string }
  | { is: 'elsewhere'; path: string[] }
  | { is: 'near'; field: string }
  | { is: 'unseparated'; field: string }
  | { is: 'unknown' };

const TRAINING = 'transformers.TrainingArguments';

/** Fields of Hugging Face that a section does not take, by the counterpart of the section. */
const ORIGINS: Readonly<Record<string, { origin: string; reasons: Readonly<Record<string, string>> }>> = {
  [TRAINING]: { origin: 'transformers', reasons: UNSUPPORTED_TRAINING_ARGUMENTS },
  'peft.LoraConfig': { origin: 'PEFT', reasons: UNSUPPORTED_LORA_CONFIG },
  'config.json': { origin: 'transformers', reasons: UNSUPPORTED_BERT_CONFIG },
};

/** Explains a field that the schema does not have. `path` leads to the map that holds it. */
export function explainUnknownField(
  entry: Entry,
  map: MapNode,
  schema: FieldSchema,
  path: readonly string[],
): Problem {
  const { name, key } = entry;
  const meaning = meaningOf(name, map, schema, path);
  const where = whereOf(path, map);
  const remove = removeFix(`Remove ${name}`, entry);
  switch (meaning.is) {
    case 'former': {
      const { now } = meaning.former;
      const message = `\`${name}\` is a field of an older transformers. ${now}`;
      return problem('tune/deprecated-field', key, message, [
        replaceFormer(entry, map, meaning.former) ?? remove,
      ]);
    }
    case 'unsupported': {
      const message = `\`${name}\` is a field of ${meaning.origin} that the bundled trainer does not have. ${meaning.reason}`;
      return problem('tune/unsupported-field', key, message, [remove]);
    }
    case 'elsewhere': {
      const holder = meaning.path.slice(0, -1).join('.');
      const message = `\`${name}\` is not a field of ${where}. It belongs under \`${holder}\`.`;
      const move = moveFix(`Move to ${holder}`, rootMap(key.document), entry, meaning.path);
      return problem('tune/unknown-field', key, message, [move, remove]);
    }
    case 'unseparated': {
      const { file } = key.document;
      const at = key.start + meaning.field.length;
      const add = { title: 'Add the colon', edits: [{ file, start: at, end: at, newText: ':' }] };
      return problem('tune/unknown-field', key, `A colon is missing after \`${meaning.field}\`.`, [add]);
    }
    case 'near': {
      const message = `\`${name}\` is not a field of ${where}. Did you mean \`${meaning.field}\`?`;
      return problem('tune/unknown-field', key, message, [renameFix(entry, meaning.field), remove]);
    }
    case 'unknown':
      return problem(
        'tune/unknown-field',
        key,
        `\`${name}\` is not a field of ${where}. ${choices(map, schema)}`,
        [remove],
      );
  }
}

/**
 * Where the unknown fields of a document are meant to stand, as paths joined by dots: nobody should take those for
 * left out.
 */
export function meantPaths(map: MapNode, schema: FieldSchema, path: readonly string[] = []): Set<string> {
  const meant = new Set<string>();
  const fields = fieldsOf(schema);
  let unknown = 0;
  for (const { name, value } of map.entries) {
    const field = Object.hasOwn(fields, name) ? fields[name] : namedValues(schema);
    if (!field && ++unknown > MAX_CONSIDERED) continue;
    if (!field) addMeaning(meant, meaningOf(name, map, schema, path), path);
    else if (value.type === 'map') {
      for (const each of meantPaths(value, field, [...path, name])) meant.add(each);
    }
  }
  return meant;
}

function addMeaning(meant: Set<string>, meaning: Meaning, path: readonly string[]): void {
  if (meaning.is === 'elsewhere') meant.add(meaning.path.join('.'));
  if (meaning.is === 'near' || meaning.is === 'unseparated') meant.add([...path, meaning.field].join('.'));
  if (meaning.is === 'former' && meaning.former.field !== undefined)
    meant.add(`train.${meaning.former.field}`);
}

function meaningOf(name: string, map: MapNode, schema: FieldSchema, path: readonly string[]): Meaning {
  // `model { base: x }` is YAML for a field called "model { base".
  const field = /^([\w-]+)\s+[{[]/.exec(name)?.[1];
  if (field !== undefined && Object.hasOwn(fieldsOf(schema), field)) return { is: 'unseparated', field };
  const { kind } = map.document;
  const isRun = kind === 'run' && path.length === 0;
  const counterpart = isRun ? TRAINING : (mapSchema(schema)?.['x-counterpart'] ?? '');
  const former = counterpart === TRAINING ? own(FORMER_TRAINING_ARGUMENTS, name) : undefined;
  if (former) return { is: 'former', former };
  const { origin = '', reasons = {} } = ORIGINS[counterpart] ?? {};
  const reason = own(reasons, name);
  if (reason !== undefined) return { is: 'unsupported', origin, reason };
  const elsewhere = kind && placesOf(name, schemaOf(kind), []);
  if (elsewhere?.length === 1 && elsewhere[0]) return { is: 'elsewhere', path: elsewhere[0] };
  const present = new Set(map.entries.map((each) => each.name));
  const absent = Object.keys(fieldsOf(schema)).filter((field) => !present.has(field));
  const near = nearest(name, absent);
  return near === undefined ? { is: 'unknown' } : { is: 'near', field: near };
}

/** Where in a document a field of that name exists. */
function placesOf(name: string, schema: FieldSchema, path: string[]): string[][] {
  return Object.entries(fieldsOf(schema)).flatMap(([field, child]) => {
    const place = [...path, field];
    return [...(field === name && path.length > 0 ? [place] : []), ...placesOf(name, child, place)];
  });
}

/** The fix for a field that is called otherwise now; `undefined` where it has to go. */
function replaceFormer(entry: Entry, map: MapNode, former: FormerField) {
  const { field, value } = former;
  if (field === undefined || map.entries.some(({ name }) => name === field)) return undefined;
  if (!value) return renameFix(entry, field);
  const text = entry.value.type === 'scalar' ? value(entry.value.value) : undefined;
  return text === undefined ? undefined : renameFix(entry, field, text);
}

/** How messages call the map that a path leads to; an empty step leads into a list. */
function whereOf(path: readonly string[], map: MapNode): string {
  if (path.at(-1) === '') return `an item of \`${path.at(-2) ?? ''}\``;
  return path.length > 0 ? `\`${path.at(-1) ?? ''}\`` : `a \`${map.document.kind ?? ''}:\` document`;
}

/** The fields that could stand there, as a sentence. */
function choices(map: MapNode, schema: FieldSchema): string {
  const names = Object.keys(fieldsOf(schema)).filter((name) =>
    map.entries.every((each) => each.name !== name),
  );
  if (names.length === 0) return 'It takes no other field: remove this one.';
  const listed = names.slice(0, 8).map((name) => `\`${name}\``);
  const more = names.length - listed.length;
  return `Remove it, or take one of ${listed.join(', ')}${more > 0 ? ` or ${more} other${more === 1 ? '' : 's'}` : ''}.`;
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
