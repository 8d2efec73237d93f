import type uPlot from 'uplot';
import { resolvePaint, type Paint } from '../../ui/theme.ts';
import { AXIS_TITLES } from '../axis-words.ts';
import type { ChartLine } from '../charts.ts';
import type { PointArrays } from '../../../protocol/webview.ts';
import { nonFiniteWord, stepWord } from '../words.ts';
import type { ChartView } from './chart-view.ts';
import { lineNumbers } from './marks.ts';
import type { Tick } from './options.ts';
import { lineColor } from './palette.ts';
import { boxPath, circlePath, round, type Box, type Picture, type Shape } from './picture.ts';

const MARGIN = 16;
/** Heights of a line of text and of the title, in pixels. */
const [LINE, TITLE] = [18, 26];
const [SMALL, LARGE] = [11, 14];
const SWATCH = 18;

/**
 * Draws a chart as it is seen now (theme, zoom, scales, smoothing) with its title, legend, axes, marks and notes.
 * @param plot the chart on the page, whose scales say where a value lies
 * @param ticks the places that its axes name
 */
export function drawPicture(
  plot: uPlot,
  view: ChartView,
  ticks: Record<'x' | 'y', readonly Tick[]>,
): Picture {
  const { chart, axis, notes } = view;
  const { fontFamily } = getComputedStyle(document.body);
  const text = resolvePaint('var(--vscode-foreground)');
  const muted = resolvePaint('var(--muted)');
  const width = plot.width + 2 * MARGIN;
  const legend = legendShapes(chart.lines, { width, font: fontFamily, text });
  const top = MARGIN + TITLE + legend.height;
  const scale = devicePixelRatio;
  const area: Box = {
    x: MARGIN + plot.bbox.left / scale,
    y: top + plot.bbox.top / scale,
    width: plot.bbox.width / scale,
    height: plot.bbox.height / scale,
  };
  const place = {
    area,
    x: (value: number) => area.x + plot.valToPos(value, 'x'),
    y: (value: number) => area.y + plot.valToPos(value, 'y'),
  };
  const bottom = area.y + area.height + 2 * LINE;
  const small = { fill: muted, size: SMALL };
  const shapes: Shape[] = [
    { text: chart.title, x: MARGIN, y: MARGIN + LARGE, fill: text, size: LARGE, bold: true },
    ...legend.shapes,
    ...axisShapes(ticks, place, muted),
    ...chart.lines.flatMap((line) => lineShapes(line, place)),
    ...markShapes(plot, chart.lines, place, muted),
    ...numberShapes(plot, chart.lines, area, text),
    { text: AXIS_TITLES[axis], x: area.x + area.width / 2, y: bottom, anchor: 'middle', ...small },
    ...notes.map((note, i): Shape => ({ text: note, x: MARGIN, y: bottom + (i + 1) * LINE, ...small })),
  ];
  return {
    title: `${chart.title} by ${AXIS_TITLES[axis].toLowerCase()}`,
    width,
    height: bottom + notes.length * LINE + MARGIN,
    ground: resolvePaint('var(--vscode-editor-background)'),
    font: fontFamily,
    groups: [{ top: 0, shapes }],
  };
}
/** Where values lie in the picture. */
interface Place {
  area: Box;
  x: (value: number) => number;
  y: (value: number) => number;
}

function legendShapes(
  lines: readonly ChartLine[],
  { width, font, text }: { width: number; font: string; text: Paint },
): { shapes: Shape[]; height: number } {
  const pen = document.createElement('canvas').getContext('2d');
  if (pen) pen.font = `${SMALL}px ${font}`;
  let [x, y] = [MARGIN, MARGIN + TITLE + SMALL];
  const shapes = lines.flatMap(({ label, number, color, series }): Shape[] => {
    const words = number === undefined ? label : `${number} ${label}`;
    const wide = SWATCH + 5 + (pen?.measureText(words).width ?? 0);
    if (x > MARGIN && x + wide > width - MARGIN) [x, y] = [MARGIN, y + LINE];
    const at = x;
    x += wide + 16;
    return [
      {
        path: `M${round(at)} ${y - 4}h${SWATCH - 2}`,
        stroke: resolvePaint(lineColor(color)),
        width: 2.5,
        ...(series.split === 'eval' ? { dash: [4, 3] } : {}),
      },
      { text: words, x: at + SWATCH + 5, y, fill: text, size: SMALL },
    ];
  });
  return { shapes, height: y - MARGIN - TITLE - SMALL + LINE };
}

function axisShapes(ticks: Record<'x' | 'y', readonly Tick[]>, { area, x, y }: Place, muted: Paint): Shape[] {
  const grid = { stroke: resolvePaint('var(--grid)'), width: 1, clip: area };
  const words = { fill: muted, size: SMALL };
  return [
    ...ticks.x.flatMap(({ at, word }): Shape[] => [
      { path: `M${round(x(at))} ${round(area.y)}v${round(area.height)}`, ...grid },
      { text: word, x: x(at), y: area.y + area.height + LINE - 3, anchor: 'middle', ...words },
    ]),
    ...ticks.y.flatMap(({ at, word }): Shape[] => [
      { path: `M${round(area.x)} ${round(y(at))}h${round(area.width)}`, ...grid },
      { text: word, x: area.x - 6, y: y(at) + 4, anchor: 'end', ...words },
    ]),
  ];
}

function lineShapes({ series, color }: ChartLine, place: Place): Shape[] {
  const stroke = resolvePaint(lineColor(color));
  const isEval = series.split === 'eval';
  const strong = series.smoothed ?? series.points;
  const shapes: Shape[] = [];
  if (series.smoothed) {
    const faint = resolvePaint(`color-mix(in srgb, ${lineColor(color)} 35%, transparent)`);
    shapes.push({ path: pathOf(series.points, place), stroke: faint, clip: place.area });
  }
  shapes.push({
    path: pathOf(strong, place),
    stroke,
    width: 1.75,
    clip: place.area,
    ...(isEval ? { dash: [5, 4] } : {}),
  });
  if (isEval || series.points.x.length < 2)
    shapes.push({ path: dotsOf(strong, place), fill: stroke, clip: place.area });
  return shapes.filter((shape) => !('path' in shape) || shape.path !== '');
}

/** A line through the points, broken where a value is no number or has no place on the axis. */
function pathOf(points: PointArrays, place: Place): string {
  let isBroken = true;
  let path = '';
  eachPoint(points, place, (x, y) => {
    const isDrawn = Number.isFinite(x) && Number.isFinite(y);
    if (isDrawn) path += `${isBroken ? 'M' : 'L'}${round(x)} ${round(y)}`;
    isBroken = !isDrawn;
  });
  return path;
}

function dotsOf(points: PointArrays, place: Place): string {
  let path = '';
  eachPoint(points, place, (x, y) => {
    if (Number.isFinite(x) && Number.isFinite(y)) path += circlePath(x, y, 3);
  });
  return path;
}

function eachPoint({ x, y }: PointArrays, place: Place, each: (x: number, y: number) => void): void {
  for (let i = 0; i < x.length; i++) each(place.x(x[i] ?? NaN), place.y(y[i] ?? NaN));
}

function numberShapes(plot: uPlot, lines: readonly ChartLine[], area: Box, fill: Paint): Shape[] {
  return lineNumbers(plot, lines).flatMap(({ line, left, top }): Shape[] => {
    const [x, y] = [area.x + left + 8, area.y + top];
    return [
      { path: circlePath(x, y, 7), stroke: resolvePaint(lineColor(line.color)), width: 2 },
      { text: String(line.number), x, y: y + 3.5, fill, size: 10, bold: true, anchor: 'middle' },
    ];
  });
}

/** Where values were no numbers, and where runs were resumed. */
function markShapes(plot: uPlot, lines: readonly ChartLine[], { area, x }: Place, muted: Paint): Shape[] {
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  const bad = resolvePaint('var(--bad)');
  const spans = lines.flatMap(({ series: { facts, marks } }) =>
    facts.nonFinite.map(({ from, to, kinds }, i) => ({
      at: marks?.nonFinite[i] ?? ([from, to] as const),
      word: kinds.map((kind) => nonFiniteWord(Number(kind))).join(' '),
    })),
  );
  const resumes = lines.flatMap(({ number, series: { facts, marks } }) =>
    facts.resumedAt.map((step, i) => ({
      at: marks?.resumedAt[i] ?? step,
      word: `${number === undefined ? '' : `${number} `}resumed from ${stepWord(step)}`,
    })),
  );
  const seen = new Set<string>();
  return [
    ...spans
      .filter(({ at: [from, to] }) => to >= min && from <= max)
      .flatMap(({ at: [from, to], word }): Shape[] => {
        const left = Math.max(area.x, x(from));
        const box = { ...area, x: left, width: Math.max(3, Math.min(area.x + area.width, x(to)) - left) };
        return [
          { path: boxPath(box), fill: { ...bad, opacity: 0.3 } },
          { text: word, x: left, y: area.y - 2, fill: bad, size: 10 },
        ];
      }),
    ...resumes
      .filter(({ at, word }) => {
        const isNew = at >= min && at <= max && !seen.has(`${at} ${word}`);
        seen.add(`${at} ${word}`);
        return isNew;
      })
      .flatMap(({ at, word }): Shape[] => [
        { path: `M${round(x(at))} ${round(area.y)}v${round(area.height)}`, stroke: muted, dash: [3, 3] },
        { text: word, x: x(at) + 4, y: area.y + area.height - 4, fill: muted, size: 10 },
      ]),
  ];
}
