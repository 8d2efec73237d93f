import type { ResolvedRun } from '../../language/resolved.ts';
import type { InspectedModel } from '../checkpoint/inspect-model.ts';
import { matchStored, otherShapes } from '../checkpoint/load-parameters.ts';
import { labelsOf } from '../checkpoint/model-folder.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import { mayBeFresh } from '../models/family.ts';
import { buildTask, headFor } from '../models/task.ts';

/**
 * The labels that a run's base was trained for, where its weights have the head for them and somebody named them (`LABEL_0` is what
 * transformers calls one that nobody did). Reads headers only.
 * @throws TunebookError those of the safetensors reader
 */
export function headLabels(run: ResolvedRun, model: InspectedModel | undefined): string[] | undefined {
  const labels = labelsOf(model?.fields);
  const { task: kind } = run.model;
  if (!model || !labels || labels.every((label) => /^LABEL_\d+$/.test(label))) return undefined;
  if (kind !== 'text-classification' && kind !== 'token-classification') return undefined;
  const task = { kind, numLabels: labels.length };
  const head = headFor(model.config, task);
  if (!head) return undefined;
  const { builder } = buildTask(model.config, task, { training: false, lowering: CPU_LOWERING });
  const ofHead = [...builder.parameters.values()].filter(({ name }) =>
    mayBeFresh({ ...head, mayBeFresh: [] }, name),
  );
  const folders = model.adapter ? [model.adapter.folder, model.base] : [model.base];
  const isThere = folders.some(
    (folder) =>
      matchStored(ofHead, folder).found.size === ofHead.length && otherShapes(ofHead, folder).length === 0,
  );
  return isThere ? labels : undefined;
}
