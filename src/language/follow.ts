import { splitNames } from './data-params.ts';
import { effective } from './effective.ts';
import { stringAt, valueAt } from './node.ts';
import type { Project } from './project.ts';
import { lookup, splitOfReference } from './reference.ts';
import type { ReferenceKind } from './schema/field.ts';
import type { Kind } from './schema/kinds.ts';
import { alternatives, schemaAt, schemaOf, type FieldSchema } from './schema/navigate.ts';
import type { Node, TuneDocument } from './tree.ts';

/** What a reference leads to: a document; for a split also the value that names its files, for a candidate its value. */
export interface Followed {
  document: TuneDocument;
  split?: string;
  files?: Node;
}

/** The schema of what stands under a path of a document; `undefined` where the language knows no such field. */
export function schemaFor(
  document: TuneDocument,
  path: readonly (string | number)[],
): FieldSchema | undefined {
  return document.kind && schemaAt(schemaOf(document.kind), path);
}

/** What a string there names. */
export function referenceKind(schema: FieldSchema): ReferenceKind | undefined {
  return [schema, ...alternatives(schema)].flatMap((each) => each['x-reference'] ?? [])[0];
}

/** The document that a reference in `from` means; `undefined` where it leads nowhere or names no document. */
export function follow(
  project: Project,
  from: TuneDocument,
  kind: ReferenceKind,
  reference: string,
): Followed | undefined {
  switch (kind) {
    case 'split':
      return followSplit(project, from, reference);
    case 'extends':
      return from.kind && followName(project, from, from.kind, reference);
    case 'run-document':
      return followName(project, from, 'run', reference);
    case 'evaluate-document':
      return followName(project, from, 'evaluate', reference);
    case 'prompt':
      return followName(project, from, 'prompt', reference);
    case 'candidate':
      return followCandidate(project, from, reference);
    case 'run':
      return followName(project, from, 'run', withoutId(reference));
    case 'model':
      if (!reference.startsWith('run:')) return undefined;
      return followName(project, from, 'run', withoutId(reference.slice('run:'.length)));
    case 'data-file':
    case 'tokenizer':
    case 'folder':
    case 'column':
      return undefined;
  }
}

function followName(project: Project, from: TuneDocument, kind: Kind, name: string): Followed | undefined {
  const { found } = lookup(project, from.file, kind, name);
  return found && { document: found };
}

/** A candidate of the evaluation that an objective names; `files` is its value. */
function followCandidate(project: Project, from: TuneDocument, name: string): Followed | undefined {
  const evaluation = stringAt(effective(project, from), 'evaluate');
  const followed = evaluation === undefined ? undefined : followName(project, from, 'evaluate', evaluation);
  const candidate = followed && valueAt(effective(project, followed.document), 'candidates', name);
  return followed && candidate && { ...followed, files: candidate };
}

function followSplit(project: Project, from: TuneDocument, reference: string): Followed | undefined {
  const { dataset, split } = splitOfReference(reference);
  const { found } = lookup(project, from.file, 'dataset', dataset);
  if (!found || split === undefined || !splitNames(project, found).includes(split)) return undefined;
  const root = effective(project, found);
  const files = valueAt(root, 'files', split) ?? valueAt(root, 'train_test_split');
  return { document: found, split, ...(files && { files }) };
}

function withoutId(reference: string): string {
  return reference.split('@')[0] ?? reference;
}
