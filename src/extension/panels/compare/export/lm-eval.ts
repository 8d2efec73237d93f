import { createHash } from 'node:crypto';
import type { CandidateOutput, EvaluationRecord } from '../../../../protocol/evaluation.ts';
import type { Exported } from './exported.ts';

/** One file of an export that is several. */
export interface ExportedFile {
  /** Relative to the folder that is exported to, with `/`. */
  path: string;
  content: () => Iterable<string>;
}

/**
 * What `lm_eval --output_path --log_samples` writes of each model: `NAME/results_….json` with the metrics, and `NAME/samples_TASK_….jsonl`
 * with one sample a line. Their readers (its own `make_table`, leaderboards) take the evaluation for a task.
 */
export function toLmEval(exported: Exported, now: Date = new Date()): ExportedFile[] {
  const stamp = now.toISOString().replaceAll(':', '-').replace('Z', '');
  const task = exported.name.replace(/[^\w.-]/g, '_');
  return exported.candidates.flatMap((candidate) => {
    const folder = candidate.replace(/[^\w.-]/g, '_');
    return [
      {
        path: `${folder}/results_${stamp}.json`,
        content: () => [`${JSON.stringify(resultsOf(exported, candidate, task, now), undefined, 2)}\n`],
      },
      { path: `${folder}/samples_${task}_${stamp}.jsonl`, content: () => samplesOf(exported, candidate) },
    ];
  });
}

function resultsOf({ result }: Exported, candidate: string, task: string, now: Date): unknown {
  const metrics: Record<string, unknown> = { alias: task };
  for (const [metric, { value, ci }] of Object.entries(result?.candidates[candidate] ?? {})) {
    const name = metric === 'accuracy' ? 'acc' : metric;
    metrics[`${name},none`] = value;
    // Half of a 95 % interval over its critical value: what a standard error means to their readers.
    metrics[`${name}_stderr,none`] = (ci[1] - ci[0]) / (2 * 1.959963984540054);
  }
  return {
    results: { [task]: metrics },
    group_subtasks: { [task]: [] },
    configs: {
      [task]: { task, dataset_path: result?.data ?? '', output_type: 'generate_until', num_fewshot: 0 },
    },
    versions: { [task]: 'Yaml' },
    'n-shot': { [task]: 0 },
    higher_is_better: { [task]: {} },
    model_name: candidate,
    model_source: 'tunebook',
    config: { model: candidate, model_args: result?.sources?.[candidate]?.folder ?? '' },
    date: now.getTime() / 1000,
  };
}

function* samplesOf({ rows }: Exported, candidate: string): Generator<string> {
  for (const record of rows) {
    const answer = record.outputs[candidate];
    if (answer) yield `${JSON.stringify(sampleOf(record, answer))}\n`;
  }
}

function sampleOf({ index, input, reference, source }: EvaluationRecord, answer: CandidateOutput): unknown {
  const asked = answer.prompt ?? input;
  const prompt = typeof asked === 'string' ? asked : JSON.stringify(asked);
  const doc = { input, reference, source };
  return {
    doc_id: index,
    doc,
    target: reference,
    arguments: { gen_args_0: { arg_0: prompt, arg_1: { until: [] } } },
    resps: [[answer.output]],
    filtered_resps: [answer.output],
    filter: 'none',
    metrics: ['acc', ...Object.keys(answer.scores ?? {})],
    doc_hash: sha256(JSON.stringify(doc)),
    prompt_hash: sha256(prompt),
    target_hash: sha256(reference),
    acc: answer.correct ? 1 : 0,
    ...answer.scores,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
