import type { Project } from './project.ts';
import { namedDocument } from './resolve-sweep.ts';
import { checked, effectiveRoot, given } from './resolve-support.ts';
import { resolveValue } from './resolve-value.ts';
import type { ResolvedExport, ResolvedObjective, Threshold } from './resolved.ts';
import { KIND_SCHEMAS } from './schema/kinds.ts';
import { schemaOf } from './schema/navigate.ts';
import type { TuneDocument } from './tree.ts';

/**
 * An `objective:` document with the evaluation that measures it, and its thresholds taken apart.
 * @throws Error when the document is not valid: check it first
 */
export function resolveObjective(project: Project, document: TuneDocument): ResolvedObjective {
  const root = effectiveRoot(project, document, 'objective');
  const value = checked(KIND_SCHEMAS.objective, resolveValue(root, schemaOf('objective')), document);
  const evaluation = given(namedDocument(project, root, 'evaluate', 'evaluate'), document);
  const accept = Object.entries(value.accept).map(([metric, text]) => [
    metric,
    given(readThreshold(text), document),
  ]);
  return {
    name: value.objective,
    file: document.file.path,
    ...(value.description !== undefined && { description: value.description }),
    evaluate: { name: given(evaluation.name, document), file: evaluation.file.path },
    ...(value.candidate !== undefined && { candidate: value.candidate }),
    // SAFETY: each entry is a metric and its threshold, as they are made above; fromEntries forgets it.
    accept: Object.fromEntries(accept) as ResolvedObjective['accept'],
  };
}

/** `>= 0.90` taken apart; `undefined` where it is no comparison with a number. */
export function readThreshold(text: string): Threshold | undefined {
  const [, comparison, number] = /^(>=|<=|>|<)\s*(.+)$/.exec(text.trim()) ?? [];
  const value = Number(number);
  if (comparison === undefined || number === undefined || !Number.isFinite(value)) return undefined;
  // SAFETY: the expression above lets no other comparison through.
  return { comparison: comparison as Threshold['comparison'], value };
}

/**
 * An `export:` document with absolute paths.
 * @throws Error when the document is not valid: check it first
 */
export function resolveExport(project: Project, document: TuneDocument): ResolvedExport {
  const root = effectiveRoot(project, document, 'export');
  const value = checked(KIND_SCHEMAS.export, resolveValue(root, schemaOf('export')), document);
  return {
    name: value.export,
    file: document.file.path,
    model: value.model,
    format: given(value.format, document),
    quantization: given(value.quantization, document),
    folder: value.folder,
    merge_adapter: given(value.merge_adapter, document),
  };
}
