import type { WireNumber } from '../../protocol/numbers.ts';
import { AXIS_TITLES } from './axis-words.ts';
import type { MetricsAxis, NonFiniteSpan, PointArrays, SeriesFacts } from '../../protocol/webview.ts';
import { countWord, nonFiniteWord, stepWord, valueWord } from './words.ts';

/** More places than this are counted, not named. */
const NAMED_PLACES = 3;

const TRENDS = { rising: 'still rising', falling: 'still falling', level: 'level at the end' };

/**
 * What a line of a chart shows, in words: where it begins and ends, how low and how high it went, where it goes, and where there
 * was no number. Full sentences, for those who cannot see the line and for those who would rather read.
 */
export function describeSeries(metric: string, facts: SeriesFacts): string {
  const sentences = [describeCourse(metric, facts), ...describeNonFinite(facts), describeResumes(facts)];
  return sentences.filter(Boolean).join(' ');
}

/** What keeps values off a logarithmic axis; undefined while nothing does. */
export function describeLogLoss(facts: readonly SeriesFacts[]): string | undefined {
  const lost = facts.some(({ min }) => min !== undefined && min.value <= 0);
  return lost ? 'Values of 0 and less have no place on a logarithmic axis and are left out.' : undefined;
}

/** What a logarithmic axis below leaves out; undefined while it is nothing. */
export function describeLogAxis(points: readonly PointArrays[], axis: MetricsAxis): string | undefined {
  const isLost = points.some(({ x }) => x.length > 0 && (x[0] ?? 0) <= 0);
  return isLost
    ? `What lies at ${AXIS_TITLES[axis].toLowerCase()} 0 has no place on a logarithmic axis.`
    : undefined;
}

/** Says which lines have no place on the axis. */
export function describeUnplaced(labels: readonly string[]): string | undefined {
  if (labels.length === 0) return undefined;
  return `Not drawn, for the run did not count its tokens: ${labels.join(', ')}.`;
}

/** Says when a chart does not draw every value. */
export function describeReduction(shown: number, count: number): string | undefined {
  if (shown >= count) return undefined;
  return `Drawn with ${stepWord(shown)} of ${stepWord(count)} points: the lowest and highest of each stretch.`;
}

function describeCourse(metric: string, { count, first, last, min, max, trend }: SeriesFacts): string {
  if (!first || !last) return '';
  const at = (point: { step: number; value: WireNumber }) =>
    `${valueWord(metric, point.value)} at step ${stepWord(point.step)}`;
  if (count === 1) return `${at(first)}, its only value.`;
  const extremes = [
    min && !isEnd(min, first, last) ? `lowest ${at(min)}` : undefined,
    max && !isEnd(max, first, last) ? `highest ${at(max)}` : undefined,
  ].filter(Boolean);
  const parts = [`From ${at(first)} to ${at(last)}`, extremes.join(', '), trend && TRENDS[trend]];
  return `${parts.filter(Boolean).join('; ')}.`;
}

function isEnd(point: { step: number }, first: { step: number }, last: { step: number }): boolean {
  return point.step === first.step || point.step === last.step;
}

function describeNonFinite({ nonFinite }: SeriesFacts): string[] {
  const named = nonFinite.slice(0, NAMED_PLACES).map(describeSpan);
  const more = nonFinite.length - named.length;
  const rest = more > 0 ? [`No number in ${countWord(more, 'more place')}.`] : [];
  return [...named, ...rest];
}

/** `NaN at step 130.`, `NaN and infinity from step 130 to 140 (11 values).` */
export function describeSpan({ from, to, count, kinds }: NonFiniteSpan): string {
  const what = kinds.map((kind) => nonFiniteWord(Number(kind))).join(' and ');
  if (from === to) return `${what} at step ${stepWord(from)}.`;
  return `${what} from step ${stepWord(from)} to ${stepWord(to)} (${countWord(count, 'value')}).`;
}

function describeResumes({ resumedAt }: SeriesFacts): string {
  if (resumedAt.length === 0) return '';
  return `Resumed from step ${resumedAt.map(stepWord).join(', ')}.`;
}
