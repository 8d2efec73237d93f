import { rootMap, scalarAt, valueAt } from './node.ts';
import type { Kind } from './schema/kinds.ts';
import type { MapNode, ScalarNode, TuneDocument } from './tree.ts';

/** A field that names a document of a kind, other than by `extends` or as a split. */
export interface NamedDocument {
  path: string[];
  node: ScalarNode;
  kind: Kind;
}

/** The documents that a document names: the run of a sweep, the evaluation of an objective, the prompts of candidates. */
export function namedDocuments(
  document: TuneDocument,
  root: MapNode | undefined = rootMap(document),
): NamedDocument[] {
  return places(document.kind, root).flatMap(({ path, kind }) => {
    const node = scalarAt(root, ...path);
    return typeof node?.value === 'string' ? [{ path, node, kind }] : [];
  });
}

function places(kind: Kind | undefined, root: MapNode | undefined): { path: string[]; kind: Kind }[] {
  if (kind === 'sweep') return [{ path: ['run'], kind: 'run' }];
  if (kind === 'objective') return [{ path: ['evaluate'], kind: 'evaluate' }];
  const candidates = kind === 'evaluate' ? valueAt(root, 'candidates') : undefined;
  if (candidates?.type !== 'map') return [];
  return candidates.entries.map(({ name }) => ({ path: ['candidates', name, 'prompt'], kind: 'prompt' }));
}
