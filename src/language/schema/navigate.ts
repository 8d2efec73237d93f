import type { FieldDocumentation } from './field.ts';
import { KIND_SCHEMAS, type Kind } from './kinds.ts';

/** A JSON Schema as our TypeBox schemas make them, read without knowing which one it is. */
export interface FieldSchema extends Partial<FieldDocumentation> {
  type?: string;
  properties?: Record<string, FieldSchema>;
  patternProperties?: Record<string, FieldSchema>;
  required?: readonly string[];
  anyOf?: readonly FieldSchema[];
  items?: FieldSchema;
  enum?: readonly unknown[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
}

/** The schema of a document kind. */
export function schemaOf(kind: Kind): FieldSchema {
  return KIND_SCHEMAS[kind];
}

/** What a value may be: the members of a union, or the schema itself. */
export function alternatives(schema: FieldSchema): readonly FieldSchema[] {
  let members = unions.get(schema);
  if (!members) {
    members =
      schema.type === undefined && schema.anyOf
        ? schema.anyOf.flatMap((each) => alternatives(each))
        : [schema];
    unions.set(schema, members);
  }
  return members;
}

/** Every field is looked at with each check, and no schema ever changes. */
const unions = new WeakMap<FieldSchema, readonly FieldSchema[]>();

/** The alternative that is a map, if there is one. */
export function mapSchema(schema: FieldSchema): FieldSchema | undefined {
  return alternatives(schema).find((each) => each.type === 'object');
}

/** Fields with fixed names. */
export function fieldsOf(schema: FieldSchema): Record<string, FieldSchema> {
  return mapSchema(schema)?.properties ?? {};
}

/** The schema of the values of a map whose keys are the person's own names. */
export function namedValues(schema: FieldSchema): FieldSchema | undefined {
  return Object.values(mapSchema(schema)?.patternProperties ?? {})[0];
}

/** The schema of one field, or of a list's items for a number. */
export function childSchema(schema: FieldSchema, step: string | number): FieldSchema | undefined {
  if (typeof step === 'number') return alternatives(schema).find((each) => each.type === 'array')?.items;
  const fields = fieldsOf(schema);
  return Object.hasOwn(fields, step) ? fields[step] : namedValues(schema);
}

/** The schema under a path of fields and list positions. */
export function schemaAt(schema: FieldSchema, path: readonly (string | number)[]): FieldSchema | undefined {
  let current: FieldSchema | undefined = schema;
  for (const step of path) current = current && childSchema(current, step);
  return current;
}

/** Whether a map takes exactly one of its fields. */
export function isChoice(schema: FieldSchema): boolean {
  return mapSchema(schema)?.maxProperties === 1;
}

/** The fields of a map of which exactly one must stand there; empty where there are none such. */
export function choicesOf(schema: FieldSchema): readonly string[] {
  return isChoice(schema) ? Object.keys(fieldsOf(schema)) : (mapSchema(schema)?.['x-one-of'] ?? []);
}

/** The pattern of the names of a map whose keys are the person's own. */
export function namePattern(schema: FieldSchema): string | undefined {
  return Object.keys(mapSchema(schema)?.patternProperties ?? {})[0];
}
