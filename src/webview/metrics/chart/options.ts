import type uPlot from 'uplot';
import { resolveColor } from '../../ui/theme.ts';
import type { MetricsAxis } from '../../../protocol/webview.ts';
import { axisWord } from '../axis-words.ts';
import { axisRange, logTicks, logTickWords, tickWords } from './axis.ts';
import { lineColor } from './palette.ts';
import type { ChartLine } from '../charts.ts';

/** What a chart looks like and does, as uPlot takes it. */

/** A place on an axis and the word at it; empty for a place that has a line of the grid alone. */
export interface Tick {
  at: number;
  word: string;
}

export interface ChartSettings {
  log: boolean;
  /** The axis below is logarithmic. */
  logX: boolean;
  axis: MetricsAxis;
  share: boolean;
  /** Room on the right for the numbers of the lines. */
  numbered: boolean;
  xRange: (min: number, max: number) => [number, number];
  /** Where the values lie that are to be seen; undefined for all. */
  bulk: () => [number, number] | undefined;
  /** The person drew over a stretch of steps. */
  onSelect: (from: number, to: number) => void;
  onReset: () => void;
  onCursor: (step: number | undefined) => void;
  onDraw: () => void;
  /** The words of an axis were made anew. */
  onTicks: (axis: 'x' | 'y', ticks: Tick[]) => void;
}

/** The charts of a page show the same step. */
export const SYNC_KEY = 'tunebook-steps';
const AXIS_GAP = 6;

/** Whole steps only: 1, 2, 5, 10, 20, … */
const STEP_INCREMENTS = Array.from({ length: 40 }, (_, i) => [1, 2, 5][i % 3]! * 10 ** Math.floor(i / 3));

export function chartOptions(
  lines: readonly ChartLine[],
  settings: ChartSettings,
  size: { width: number; height: number },
): uPlot.Options {
  const { log, logX, axis, share, numbered } = settings;
  const tell = (which: 'x' | 'y', places: readonly number[], words: string[]) => {
    settings.onTicks(
      which,
      places.map((at, i) => ({ at, word: words[i] ?? '' })),
    );
    return words;
  };
  return {
    ...size,
    legend: { show: false },
    padding: [12, numbered ? 26 : 10, 0, 0],
    scales: {
      x: { time: false, distr: logX ? 3 : 1, range: (_, min, max) => settings.xRange(min, max) },
      y: {
        distr: log ? 3 : 1,
        range: (_, min, max) => axisRange(...within(settings.bulk(), min, max), { log, share }),
      },
    },
    axes: [
      {
        ...axisStyle(),
        ...(axis === 'step' || axis === 'tokens' ? { incrs: STEP_INCREMENTS } : {}),
        values: (_, ticks) =>
          tell(
            'x',
            ticks,
            ticks.map((tick) => axisWord(axis, tick)),
          ),
        space: 70,
        ...(logX ? { splits: (_, __, min, max) => logTicks(min, max), filter: (_, ticks) => ticks } : {}),
        size: 28,
      },
      {
        ...axisStyle(),
        values: (_, ticks) => tell('y', ticks, log ? logTickWords(ticks, share) : tickWords(ticks, share)),
        size: widthOfWords,
        space: 36,
        ...(log ? { splits: (_, __, min, max) => logTicks(min, max), filter: (_, ticks) => ticks } : {}),
      },
    ],
    series: [{}, ...lines.flatMap(lineSeries)],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 6 },
      sync: { key: SYNC_KEY, setSeries: false },
      points: { size: 7 },
      bind: {
        dblclick: () => () => {
          settings.onReset();
          return null;
        },
      },
    },
    hooks: {
      setSelect: [(chart) => selected(chart, settings)],
      setCursor: [
        (chart) => {
          const { left } = chart.cursor;
          const inside = left !== undefined && left !== null && left >= 0;
          settings.onCursor(inside ? chart.posToVal(left, 'x') : undefined);
        },
      ],
      draw: [settings.onDraw],
    },
  };
}

/** The ends of the values that are to be seen. */
function within(
  bulk: [number, number] | undefined,
  min: number | null,
  max: number | null,
): [number | null, number | null] {
  if (!bulk || min === null || max === null) return [min, max];
  return [Math.max(min, bulk[0]), Math.min(max, bulk[1])];
}

/** How many columns of data a line has: all values, and the smoothed ones. */
export function lineColumns({ series }: ChartLine) {
  return series.smoothed ? [series.points, series.smoothed] : [series.points];
}

function lineSeries({ series, color }: ChartLine): uPlot.Series[] {
  const stroke = resolveColor(lineColor(color));
  const isEval = series.split === 'eval';
  const strong: uPlot.Series = {
    stroke,
    width: 1.75,
    points: { show: isEval || series.points.x.length < 2, size: isEval ? 6 : 5, fill: stroke },
    ...(isEval ? { dash: [5, 4] } : {}),
  };
  if (!series.smoothed) return [strong];
  const faint: uPlot.Series = {
    stroke: resolveColor(`color-mix(in srgb, ${lineColor(color)} 35%, transparent)`),
    width: 1,
    points: { show: false },
  };
  return [faint, strong];
}

function axisStyle(): uPlot.Axis {
  const { fontFamily } = getComputedStyle(document.body);
  return {
    stroke: resolveColor('var(--muted)'),
    font: `11px ${fontFamily}`,
    grid: { stroke: resolveColor('var(--grid)'), width: 1 },
    ticks: { show: false },
    gap: AXIS_GAP,
  };
}

/** As wide as the widest word at a tick. */
function widthOfWords(chart: uPlot, words: string[] | null): number {
  if (!words) return 40;
  chart.ctx.save();
  chart.ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
  const widest = Math.max(...words.map((word) => chart.ctx.measureText(word).width / devicePixelRatio));
  chart.ctx.restore();
  return Math.ceil(Math.max(24, widest)) + AXIS_GAP + 4;
}

function selected(chart: uPlot, settings: ChartSettings): void {
  const { left, width } = chart.select;
  if (width <= 0) return;
  const [from, to] = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  settings.onSelect(from, to);
}
