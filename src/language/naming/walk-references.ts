import { referenceKind } from '../follow.ts';
import type { ReferenceKind } from '../schema/field.ts';
import { childSchema, schemaOf, type FieldSchema } from '../schema/navigate.ts';
import type { Node, ScalarNode, TuneDocument } from '../tree.ts';

/** A text that names something: a document, a split, a model, a file, a column. */
export interface Reference {
  node: ScalarNode;
  text: string;
  kind: ReferenceKind;
}

/** All references that are written in a document, whether or not they lead anywhere. */
export function* referencesIn({ root, kind }: TuneDocument): Generator<Reference> {
  if (root && kind) yield* within(root, schemaOf(kind));
}

function* within(node: Node, schema: FieldSchema): Generator<Reference> {
  if (node.type === 'map') {
    for (const { name, value } of node.entries) {
      const child = childSchema(schema, name);
      if (child) yield* within(value, child);
    }
  } else if (node.type === 'seq') {
    const items = childSchema(schema, 0);
    if (items) for (const item of node.items) yield* within(item, items);
  } else if (typeof node.value === 'string') {
    const kind = referenceKind(schema);
    if (kind) yield { node, text: node.value, kind };
  }
}
