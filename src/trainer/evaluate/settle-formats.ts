import { usualMetrics } from '../../language/resolve.ts';
import type { DataReference, ResolvedCandidate, ResolvedEvaluate } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { withFormat } from '../data/recognise.ts';

/**
 * An evaluation whose data sets say their formats: where one does not, the first row tells whether it has a label or an answer in writing.
 * @throws TunebookError `data/unclear-format`, and those of the readers
 */
export async function settleFormats(evaluation: ResolvedEvaluate): Promise<ResolvedEvaluate> {
  // A benchmark reads the columns by their names, whatever they are.
  if (evaluation.benchmark !== undefined) return evaluation;
  const data = await settleData(evaluation.data);
  const candidates: ResolvedEvaluate['candidates'] = {};
  for (const [name, candidate] of Object.entries(evaluation.candidates))
    candidates[name] = await settleExamples(candidate);
  const unsaid = evaluation.data.dataset.format === 'auto';
  // Nothing could be known of the rows when the metrics that are usual for them were filled in.
  const isUsual = evaluation.metrics.join() === usualMetrics('auto').join();
  const metrics = unsaid && isUsual ? usualMetrics(data.dataset.format) : evaluation.metrics;
  return { ...evaluation, data, candidates, metrics };
}

async function settleExamples(candidate: ResolvedCandidate): Promise<ResolvedCandidate> {
  const { prompt } = candidate;
  if (!prompt?.examples) return candidate;
  const examples = { ...prompt.examples, data: await settleData(prompt.examples.data) };
  return { ...candidate, prompt: { ...prompt, examples } };
}

/**
 * A split whose format is known.
 * @throws TunebookError `data/unclear-format`, and those of the readers
 */
export async function settleData(reference: DataReference): Promise<DataReference> {
  for (const task of ['text-classification', 'token-classification']) {
    try {
      return await withFormat(reference, task);
    } catch (error) {
      if (!(error instanceof TunebookError) || error.code !== 'data/unclear-format') throw error;
    }
  }
  return await withFormat(reference, 'text-generation');
}
