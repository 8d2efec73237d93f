import { fieldsOf, mapSchema, schemaOf, type FieldSchema } from './schema/navigate.ts';

/** The fields of a run that a sweep can vary, as dotted paths: those that hold one value or a list. */
export function sweptPaths(schema: FieldSchema = schemaOf('run'), prefix = ''): string[] {
  return Object.entries(fieldsOf(schema)).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (mapSchema(field)) return sweptPaths(field, path);
    return prefix === '' ? [] : [path];
  });
}
