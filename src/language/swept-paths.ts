import { fieldsOf, mapSchema, schemaOf, type FieldSchema } from './schema/navigate.ts';

/** The fields of a run that a sweep can vary, as dotted paths: those that hold one value or a list. */
export function sweptPaths(): string[] {
  return pathsIn(schemaOf('run'), '').filter((path) => path.includes('.'));
}

function pathsIn(schema: FieldSchema, prefix: string): string[] {
  return Object.entries(fieldsOf(schema)).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return mapSchema(field) ? pathsIn(field, path) : [path];
  });
}
