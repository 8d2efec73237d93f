import { formatsMeasuredBy, isTagMetric, LABEL_METRICS, METRIC_NAMES } from '../schema/metrics.ts';
import { Fields } from '../validate/fields.ts';
import { splitReference } from '../validate/splits.ts';
import type { CompletionContext, Suggestion } from './types.ts';

/** Leaves out metrics that measure other rows than those of the evaluation, where the format of these is written. */
export function fitMetrics(
  { project, document }: CompletionContext,
  suggestions: Suggestion[],
): Suggestion[] {
  const { dataset } = (document && splitReference(project, document, 'data')) ?? {};
  const format = dataset && new Fields(project, dataset).string('format');
  if (!document || format === undefined || !new Fields(project, document).isUnset('benchmark'))
    return suggestions;
  const fits = (word: string) => {
    if (!METRIC_NAMES.some((name) => name === word)) return true;
    if (format === 'tokens') return isTagMetric(word) || word === 'latency';
    return !LABEL_METRICS.includes(word) || formatsMeasuredBy(word).includes(format);
  };
  return suggestions.filter(({ label }) => (label.match(/\w+/g) ?? []).every(fits));
}
