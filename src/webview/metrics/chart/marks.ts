import type uPlot from 'uplot';
import { describeSpan } from '../caption.ts';
import type { ChartLine } from '../charts.ts';
import { nonFiniteWord, stepWord } from '../words.ts';
import { lineColor } from './palette.ts';
import { spread } from './spread.ts';

/** More marks than this on one chart get no words beside them. */
const WORDED = 8;
const BADGE = 16;

/** Draws over a chart what is no line: where values were not finite, where the run was resumed, and the numbers of the lines. */
export function drawMarks(chart: uPlot, layer: HTMLElement, lines: readonly ChartLine[]): void {
  layer.replaceChildren(
    ...resumeMarks(chart, lines),
    ...nonFiniteMarks(chart, lines),
    ...endBadges(chart, lines),
  );
}

function nonFiniteMarks(chart: uPlot, lines: readonly ChartLine[]): HTMLElement[] {
  const marks = lines.flatMap((line) => {
    const { facts, marks: moved } = line.series;
    return facts.nonFinite
      .map((span, i) => ({ line, span, at: moved?.nonFinite[i] ?? ([span.from, span.to] as const) }))
      .filter(({ at: [from, to] }) => overlaps(chart, from, to));
  });
  return marks.map(({ line, span, at: [from, to] }) => {
    const [left, right] = [positionOf(chart, from), positionOf(chart, to)];
    const mark = element('mark-non-finite', left);
    mark.style.width = `${Math.max(0, right - left)}px`;
    mark.title = `${line.label}: ${describeSpan(span)}`;
    if (marks.length <= WORDED)
      mark.append(tag(span.kinds.map((kind) => nonFiniteWord(Number(kind))).join(' ')));
    return mark;
  });
}

function resumeMarks(chart: uPlot, lines: readonly ChartLine[]): HTMLElement[] {
  const resumes = onePerRun(lines).flatMap((line) => {
    const { facts, marks } = line.series;
    return facts.resumedAt
      .map((step, i) => ({ line, step, at: marks?.resumedAt[i] ?? step }))
      .filter(({ at }) => overlaps(chart, at, at));
  });
  return resumes.map(({ line, step, at }) => {
    const mark = element('mark-resume', positionOf(chart, at));
    mark.title = `${line.label}: resumed from step ${stepWord(step)}.`;
    const whose = line.number === undefined ? '' : `${line.number} `;
    if (resumes.length <= WORDED) mark.append(tag(`${whose}resumed`));
    return mark;
  });
}

/** Where the number of each run stands: at the end of its line, so that colour is not the only thing that tells lines apart. */
export function lineNumbers(
  chart: uPlot,
  lines: readonly ChartLine[],
): { line: ChartLine; left: number; top: number }[] {
  const ends = onePerRun(lines).flatMap((line) => {
    const end = line.number === undefined ? undefined : lineEnd(chart, line);
    return end ? [{ line, ...end }] : [];
  });
  const places = spread(ends, BADGE, chart.over.clientHeight);
  return ends.map(({ line, left }, i) => ({
    line,
    left: Math.min(left, chart.over.clientWidth) + 4,
    top: places[i] ?? 0,
  }));
}

function endBadges(chart: uPlot, lines: readonly ChartLine[]): HTMLElement[] {
  return lineNumbers(chart, lines).map(({ line, left, top }) => {
    const badge = element('mark-end', left);
    badge.style.top = `${top - BADGE / 2}px`;
    badge.style.setProperty('--line', lineColor(line.color));
    badge.textContent = String(line.number);
    badge.title = line.label;
    return badge;
  });
}

/** The first line of each run: the train line where there is one. */
function onePerRun(lines: readonly ChartLine[]): ChartLine[] {
  return lines.filter((line, i) => lines.findIndex((one) => one.series.runId === line.series.runId) === i);
}

/** Where the last point of a line that is seen lies. */
function lineEnd(chart: uPlot, { series }: ChartLine): { left: number; top: number } | undefined {
  const { x, y } = series.smoothed ?? series.points;
  const { min = 0, max = 0 } = chart.scales['x'] ?? {};
  for (let i = x.length - 1; i >= 0; i--) {
    const [step, value] = [x[i] ?? NaN, y[i] ?? NaN];
    if (step > max || !Number.isFinite(value)) continue;
    if (step < min) return undefined;
    const top = chart.valToPos(value, 'y');
    return Number.isFinite(top) ? { left: chart.valToPos(step, 'x'), top } : undefined;
  }
  return undefined;
}

function overlaps(chart: uPlot, from: number, to: number): boolean {
  const { min = 0, max = 0 } = chart.scales['x'] ?? {};
  return to >= min && from <= max;
}

function positionOf(chart: uPlot, step: number): number {
  return Math.min(chart.over.clientWidth, Math.max(0, chart.valToPos(step, 'x')));
}

function element(name: string, left: number): HTMLElement {
  const mark = document.createElement('span');
  mark.className = `mark ${name}`;
  mark.style.left = `${left}px`;
  return mark;
}

function tag(text: string): HTMLElement {
  const word = document.createElement('span');
  word.className = 'tag';
  word.textContent = text;
  return word;
}
