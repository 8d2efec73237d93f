import type { Project } from './project.ts';
import { lookup } from './reference.ts';
import { scalarAt } from './node.ts';
import { checked, effectiveRoot, given } from './resolve-support.ts';
import { resolveValue } from './resolve-value.ts';
import type { ResolvedSweep } from './resolved.ts';
import { Fields } from './validate/fields.ts';
import { KIND_SCHEMAS, type Kind } from './schema/kinds.ts';
import { schemaOf } from './schema/navigate.ts';
import type { MapNode, TuneDocument } from './tree.ts';

/** Metrics of which less is better; so is every one whose name ends in `loss`. */
const LESS_IS_BETTER = new Set(['perplexity', 'bits_per_byte', 'latency', 'cost']);

/**
 * A `sweep:` document with the run that it repeats, and the metric and direction that it looks for the best by.
 * @throws Error when the document is not valid: check it first
 */
export function resolveSweep(project: Project, document: TuneDocument): ResolvedSweep {
  const root = effectiveRoot(project, document, 'sweep');
  const value = checked(KIND_SCHEMAS.sweep, resolveValue(root, schemaOf('sweep')), document);
  const run = given(namedDocument(project, root, 'run', 'run'), document);
  const best = new Fields(project, run).string('train', 'metric_for_best_model');
  const metric = (value.metric ?? best ?? 'loss').replace(/^eval_/, '');
  const over = Object.entries(value.over).map(([path, values]) => [
    path,
    Array.isArray(values) ? values : { ...values, scale: values.scale ?? 'linear' },
  ]);
  return {
    name: value.sweep,
    file: document.file.path,
    run: { name: given(run.name, document), file: run.file.path },
    // SAFETY: each entry is a field and its values, as they are made above; fromEntries forgets it.
    over: Object.fromEntries(over) as ResolvedSweep['over'],
    method: given(value.method, document),
    samples: given(value.samples, document),
    seed: given(value.seed, document),
    metric,
    mode: value.mode ?? (metric.endsWith('loss') || LESS_IS_BETTER.has(metric) ? 'min' : 'max'),
    eta: given(value.eta, document),
    ...(value.min_steps !== undefined && { min_steps: value.min_steps }),
  };
}

/** The document of a kind that a field names; `undefined` where it names none. */
export function namedDocument(
  project: Project,
  root: MapNode,
  kind: Kind,
  ...path: string[]
): TuneDocument | undefined {
  const reference = scalarAt(root, ...path);
  if (typeof reference?.value !== 'string') return undefined;
  return lookup(project, reference.document.file, kind, reference.value).found;
}
