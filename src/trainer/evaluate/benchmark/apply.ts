import type { ResolvedCandidate, ResolvedEvaluate } from '../../../language/resolved.ts';
import { METRIC_NAMES } from '../../../language/schema/metrics.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { list } from '../../data/problem.ts';
import { GENERATION_DEFAULTS } from '../../generate/settings.ts';
import type { PromptWriter } from '../written/prompt-writer.ts';
import type { Benchmark } from './read-benchmark.ts';

/** The rows of a benchmark bring what is asked. */
export const AS_IT_STANDS: PromptWriter = {
  slots: [],
  write: ({ prompt, row }) => {
    if (!prompt) throw new Error(`line ${row.line} of ${row.file} is not asked about`);
    return prompt;
  },
};

/** lm-evaluation-harness's own metrics where a task names none. */
const USUAL: Record<Benchmark['output_type'], ResolvedEvaluate['metrics']> = {
  multiple_choice: ['acc', 'acc_norm'],
  generate_until: ['exact_match'],
};

/**
 * What is measured: what the evaluation asks for, else what the benchmark names.
 * @throws TunebookError `evaluate/bad-benchmark` for a metric that is not known here
 */
export function metricsOf(
  { metric_list, output_type, file }: Benchmark,
  asked: ResolvedEvaluate['metrics'],
): ResolvedEvaluate['metrics'] {
  if (asked.length > 0) return asked;
  const named = metric_list?.map(({ metric }) => {
    const known = METRIC_NAMES.find((name) => name === metric);
    if (known) return known;
    throw new TunebookError(
      'evaluate/bad-benchmark',
      `The benchmark measures \`${metric}\`, which is not measured here.`,
      {
        hint: `Take it out of \`metric_list\`, or say \`metrics\` in the evaluation. There are ${list(METRIC_NAMES, 30)}.`,
        location: { file },
      },
    );
  });
  return named ?? USUAL[output_type];
}

/**
 * A candidate with the benchmark's way to write answers, where it has none of its own: up to `until`, which the harness takes to be
 * `fewshot_delimiter` where nothing is said.
 */
export function askedBy(benchmark: Benchmark | undefined, candidate: ResolvedCandidate): ResolvedCandidate {
  if (!benchmark || benchmark.output_type !== 'generate_until') return candidate;
  const { generation_kwargs = {}, fewshot_delimiter } = benchmark;
  const { until = fewshot_delimiter, max_gen_toks, temperature, ...rest } = generation_kwargs;
  const stop_strings = typeof until === 'string' ? [until] : until;
  if (candidate.generation) return { ...candidate, generation: { stop_strings, ...candidate.generation } };
  return {
    ...candidate,
    generation: {
      ...GENERATION_DEFAULTS,
      ...rest,
      // A temperature of 0 is how the harness writes that nothing is drawn.
      ...(temperature === undefined || temperature === 0 ? {} : { temperature }),
      ...(max_gen_toks === undefined ? {} : { max_new_tokens: max_gen_toks }),
      stop_strings,
    },
  };
}
