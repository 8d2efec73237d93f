import type Type from 'typebox';
import Value from 'typebox/value';
import { effective } from './effective.ts';
import type { Project } from './project.ts';
import type { Kind } from './schema/kinds.ts';
import type { MapNode, TuneDocument } from './tree.ts';

/**
 * The fields of a document with what it inherits.
 * @throws Error when the document is of another kind, or no map: check it first
 */
export function effectiveRoot(project: Project, document: TuneDocument, kind: Kind): MapNode {
  const root = document.kind === kind ? effective(project, document) : undefined;
  return given(root, document);
}

/**
 * A value that fits its schema.
 * @throws Error when it does not: check the document first
 */
export function checked<Schema extends Type.TSchema>(
  schema: Schema,
  value: unknown,
  document: TuneDocument,
): Type.Static<Schema> {
  if (Value.Check(schema, value)) return value;
  throw notValid(document);
}

/**
 * A value that must be there.
 * @throws Error when it is not: check the document first
 */
export function given<Value>(value: Value | undefined, document: TuneDocument): Value {
  if (value === undefined) throw notValid(document);
  return value;
}

/** The caller has not checked: a fault of ours, so no TunebookError. */
function notValid({ file, name }: TuneDocument): Error {
  return new Error(`${file.path}: "${name ?? ''}" was resolved although it is not valid`);
}
