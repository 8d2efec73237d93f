import { TunebookError } from '../../../protocol/error.ts';
import { PUNCTUATION } from '../text-metrics/python-text.ts';
import type { ExactMatch } from '../written/measure.ts';
import type { Benchmark } from './read-benchmark.ts';

/**
 * Whether an answer is the expected one as lm-evaluation-harness counts it (`exact_match_hf_evaluate`, 0.4.13): as it stands, but for what
 * the benchmark's `metric_list` says to ignore.
 * @throws TunebookError `evaluate/bad-benchmark` for a regular expression that JavaScript does not read
 */
export function makeExactMatch({ metric_list = [], file }: Benchmark): ExactMatch {
  const options = metric_list.find(({ metric }) => metric === 'exact_match') ?? { metric: 'exact_match' };
  const { ignore_case, ignore_punctuation, ignore_numbers, regexes_to_ignore = [] } = options;
  const ignored = regexes_to_ignore.map((source) => readPattern(source, file));
  const marks = new Set(PUNCTUATION);
  const settle = (text: string) => {
    let settled = ignored.reduce((kept, pattern) => kept.replace(pattern, ''), text);
    if (ignore_case) settled = settled.toLowerCase();
    if (ignore_punctuation) settled = [...settled].filter((character) => !marks.has(character)).join('');
    return ignore_numbers ? settled.replace(/[0-9]/g, '') : settled;
  };
  return (output, reference) => Number(settle(output) === settle(reference));
}

function readPattern(source: string, file: string): RegExp {
  try {
    return new RegExp(source, 'gu');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TunebookError('evaluate/bad-benchmark', `\`regexes_to_ignore\` cannot be used: ${reason}`, {
      hint: 'Write it in the part of the notation that Python and JavaScript share.',
      location: { file },
      cause,
    });
  }
}
