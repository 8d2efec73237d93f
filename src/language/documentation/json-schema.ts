import { KINDS, type Kind } from '../schema/kinds.ts';
import { fieldsOf, schemaOf, type FieldSchema } from '../schema/navigate.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = Record<string, Json>;

/**
 * The field that shows that a document is whole. Without it, or with `extends`, it may be one that takes its fields from
 * another or gives them to others, and lacks nothing.
 */
const TELLING: Record<Kind, string> = {
  dataset: 'files',
  run: 'data',
  evaluate: 'candidates',
  prompt: 'messages',
  sweep: 'over',
  objective: 'accept',
  export: 'folder',
};

/**
 * JSON Schema (draft 7) of one document of a `*.tune.yaml` stream, for editors and checkers that do not speak to our
 * server. It knows what stands in one document alone: names, inherited fields and data are `tunebook check`'s, and what a
 * document lacks is said only where it looks whole.
 */
export function makeJsonSchema(): JsonObject {
  const whole = (kind: Kind) => ({
    required: [kind, TELLING[kind]],
    not: { anyOf: [{ required: ['extends'] }, ...holdersOf(kind).map((each) => ({ required: [each] }))] },
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Tunebook run config',
    description: `One document of a *.tune.yaml file. Its kind word (${KINDS.slice(0, -1).join(', ')} or ${KINDS.at(-1) ?? ''}) says what it is. Made from src/language/schema by \`npm run generate\`.`,
    type: 'object',
    properties: Object.fromEntries(
      KINDS.map((kind) => [kind, { description: schemaOf(kind).description ?? '', type: 'string' }]),
    ),
    oneOf: KINDS.map(only),
    allOf: KINDS.flatMap((kind) => [
      { if: only(kind), then: { $ref: `#/definitions/${kind}` } },
      { if: whole(kind), then: { $ref: `#/definitions/whole-${kind}` } },
    ]),
    definitions: Object.fromEntries(
      KINDS.flatMap((kind) => {
        const schema: FieldSchema = schemaOf(kind);
        return [
          [kind, { ...optional(toJson(schema)), required: [kind] }],
          [`whole-${kind}`, needs(schema) ?? {}],
        ];
      }),
    ),
  };
}

/** A document of a kind: no other kind has its word as a field, such as `run` in a sweep. */
function only(kind: Kind): JsonObject {
  const holders = holdersOf(kind);
  if (holders.length === 0) return { required: [kind] };
  return { required: [kind], not: { anyOf: holders.map((each) => ({ required: [each] })) } };
}

/** The kinds that have the word of another as a field. */
function holdersOf(kind: Kind): Kind[] {
  return KINDS.filter((each) => each !== kind && Object.hasOwn(fieldsOf(schemaOf(each)), kind));
}

/** A schema as plain JSON, without what its library keeps in it. */
function toJson(schema: FieldSchema): JsonObject {
  // SAFETY: what JSON.parse gives is JSON.
  const json = JSON.parse(JSON.stringify(schema)) as Json;
  if (!isObject(json)) throw new Error('A schema is an object.');
  return json;
}

/** A schema in which nothing must be there, and a map may be left empty (`train:`), which means the same. */
function optional(schema: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === 'required' || name === 'minProperties') continue;
    if (name === 'properties' || name === 'patternProperties') {
      out[name] = mapValues(value, (each) => orEmpty(optional(each)));
    } else if (name === 'items' && isObject(value)) {
      out[name] = optional(value);
    } else if (name === 'anyOf' && Array.isArray(value)) {
      out[name] = value.map((each) => (isObject(each) ? optional(each) : each));
    } else {
      out[name] = value;
    }
  }
  // Names of the person's own have a pattern as well.
  if (out.patternProperties) out.additionalProperties = false;
  const choices = Array.isArray(schema['x-one-of']) ? schema['x-one-of'] : [];
  const pairs = choices.flatMap((one, index) => choices.slice(index + 1).map((other) => [one, other]));
  if (pairs.length > 0) out.not = { anyOf: pairs.map((pair) => ({ type: 'object', required: pair })) };
  return out;
}

function orEmpty(schema: JsonObject): JsonObject {
  return schema.type === 'object' ? { ...schema, type: ['object', 'null'] } : schema;
}

/** What must be there in a whole document, and nothing else; `undefined` where nothing must. */
function needs(schema: FieldSchema): JsonObject | undefined {
  const fields = Object.entries(schema.properties ?? {});
  const required = (schema.required ?? []).filter(
    (name) => fields.find(([each]) => each === name)?.[1].default === undefined,
  );
  const properties = Object.fromEntries(
    fields.flatMap(([name, field]) => {
      const inside = field.type === 'object' ? needs(field) : undefined;
      const filled =
        required.includes(name) && field.type === 'object' ? { type: 'object', ...inside } : inside;
      return filled ? [[name, filled]] : [];
    }),
  );
  const named: JsonObject = {};
  for (const [pattern, field] of Object.entries(schema.patternProperties ?? {})) {
    const inside = field.type === 'object' ? needs(field) : undefined;
    if (inside) named[pattern] = { type: 'object', ...inside };
  }
  const out: JsonObject = {};
  if (required.length > 0) out.required = required;
  const choices = schema['x-one-of'] ?? [];
  if (choices.length > 0) out.anyOf = choices.map((name) => ({ required: [name] }));
  if (schema.minProperties !== undefined) out.minProperties = schema.minProperties;
  if (Object.keys(properties).length > 0) out.properties = properties;
  if (Object.keys(named).length > 0) out.patternProperties = named;
  return Object.keys(out).length > 0 ? out : undefined;
}

function mapValues(value: Json | undefined, change: (value: JsonObject) => JsonObject): JsonObject {
  if (value === undefined || !isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, isObject(each) ? change(each) : each]),
  );
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
