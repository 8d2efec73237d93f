import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { choice } from '../../ui/controls.ts';
import { lineColor } from '../chart/palette.ts';
import type { PanelModel } from '../model.ts';
import type { RunsOverview } from '../runs/model.ts';
import {
  chooseBetween,
  isWithin,
  type BrushMove,
  type Brushes,
  type ParallelAxis,
} from '../runs/parallel.ts';
import { cellText, type RunRow } from '../runs/table.ts';
import type { RunsActions } from './runs-actions.ts';

const [TOP, HEIGHT, BOTTOM] = [40, 190, 24];
const [GAP, SIDE] = [150, 76];
/** Characters of a word at an axis. */
const LETTERS = 20;
/** Half of the width in which an axis takes the pointer. */
const REACH = 14;

/** The runs as lines over one axis a parameter and one of a metric. Axes are brushed by pointer or by the keys of two sliders. */
export function parallelView(
  model: PanelModel,
  { axes, table, metrics, metric }: RunsOverview,
  actions: RunsActions,
): TemplateResult | typeof nothing {
  if (axes.length === 0) return nothing;
  const width = 2 * SIDE + GAP * (axes.length - 1);
  const isSweep = table.rows.some(({ run }) => run.summary?.parent?.as === 'sweep');
  const options = metrics.map((value) => ({
    value,
    text: table.columns.find(({ id }) => id === value)?.title ?? value,
  }));
  return html`<details class="parallel" ?open=${isSweep}>
    <summary>Parallel coordinates</summary>
    ${metric === undefined ? nothing : choice('parallel-metric', 'Last axis', options, metric, actions.setParallelMetric)}
    <p id="parallel-help" class="footnote">
      Drag along an axis to choose a stretch of it; a click on the axis, or Escape at one of its ends, chooses
      all. Up and down move an end. Runs outside of what is chosen leave the table below, which holds the same
      values.
    </p>
    <div class="scroll">
      <svg
        role="group"
        aria-label=${`Parallel coordinates of ${table.rows.length} runs`}
        aria-describedby="parallel-help"
        width=${width}
        height=${TOP + HEIGHT + BOTTOM}
        viewBox="0 0 ${width} ${TOP + HEIGHT + BOTTOM}"
      >
        ${table.rows.map((row) => lineView(row, axes, model))}
        ${axes.map((axis, i) => axisView(axis, SIDE + i * GAP, model.brushes[axis.column.id], actions))}
      </svg>
    </div>
  </details>`;
}

function heightOf(share: number): number {
  return TOP + (1 - share) * HEIGHT;
}

function lineView(row: RunRow, axes: readonly ParallelAxis[], model: PanelModel): SVGTemplateResult {
  let path = '';
  let isOpen = false;
  axes.forEach(({ column, unitOf, shareOf }, i) => {
    const unit = unitOf(row.cells.get(column.id));
    if (unit !== undefined)
      path += `${isOpen ? 'L' : 'M'}${SIDE + i * GAP} ${heightOf(shareOf(unit)).toFixed(1)}`;
    isOpen = unit !== undefined;
  });
  const isOut = !isWithin(row, axes, model.brushes);
  const kind = [
    isOut && 'out',
    model.hidden.includes(row.id) && 'undrawn',
    model.activeRun === row.id && 'active',
  ];
  const words = axes.map(
    ({ column }) => `${column.title} ${cellText(column, row.cells.get(column.id)) || 'not set'}`,
  );
  return svg`<path class="run-line ${kind.filter(Boolean).join(' ')}" d=${path} stroke=${lineColor(row.number - 1)}>
    <title>${row.number} ${row.name}: ${words.join(', ')}</title></path>`;
}

function axisView(
  axis: ParallelAxis,
  x: number,
  brush: Brushes[string] | undefined,
  actions: RunsActions,
): SVGTemplateResult {
  const { column, stops, shareOf, isLog } = axis;
  const [low, high] = brush ?? [stops[0] ?? 0, stops[stops.length - 1] ?? 0];
  const words =
    column.kind === 'parameter' && stops.length <= 6
      ? stops
      : [...new Set([stops[0] ?? 0, low, high, stops[stops.length - 1] ?? 0])];
  return svg`<g class="axis">
    <text class="title" x=${x} y="14" text-anchor="middle">${shorten(column.title)}<title>${column.id}</title></text>
    ${isLog ? svg`<text class="scale" x=${x} y="27" text-anchor="middle">logarithmic</text>` : nothing}
    <line x1=${x} x2=${x} y1=${TOP} y2=${TOP + HEIGHT}></line>
    ${brush ? svg`<rect class="brush" x=${x - 6} width="12" y=${heightOf(shareOf(high)) - 4} height=${heightOf(shareOf(low)) - heightOf(shareOf(high)) + 8}></rect>` : nothing}
    ${words.map((unit) => svg`<text class="tick" x=${x + 10} y=${heightOf(shareOf(unit))} dominant-baseline="central">${shorten(axis.wordOf(unit))}</text>`)}
    <rect class="hit" x=${x - REACH} width=${2 * REACH} y=${TOP} height=${HEIGHT}
      @pointerdown=${(event: PointerEvent) => beginDrag(event)}
      @pointermove=${(event: PointerEvent) => drag(event, axis, actions)}
      @pointerup=${(event: PointerEvent) => endDrag(event, axis, actions)}></rect>
    ${handleView(axis, x, 0, low, actions)} ${handleView(axis, x, 1, high, actions)}
  </g>`;
}

function handleView(
  axis: ParallelAxis,
  x: number,
  end: 0 | 1,
  unit: number,
  actions: RunsActions,
): SVGTemplateResult {
  const { column, stops, shareOf, wordOf } = axis;
  const y = heightOf(shareOf(unit)) + (end === 0 ? 6 : -6);
  const tip = end === 0 ? -8 : 8;
  return svg`<path class="handle" role="slider" tabindex="0" aria-orientation="vertical"
    aria-label=${`${end === 0 ? 'Least' : 'Largest'} ${column.title}`}
    aria-valuemin="0" aria-valuemax=${stops.length - 1} aria-valuenow=${stops.indexOf(unit)} aria-valuetext=${wordOf(unit)}
    d=${`M${x - 6} ${y}h12l-6 ${tip}z`}
    @keydown=${(event: KeyboardEvent) => onKey(event, column.id, end, actions)}></path>`;
}

const MOVES: Record<string, BrushMove> = {
  ArrowUp: 'up',
  ArrowRight: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'down',
  Home: 'first',
  End: 'last',
};

function onKey(event: KeyboardEvent, column: string, end: 0 | 1, actions: RunsActions): void {
  const move = MOVES[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || (!move && event.key !== 'Escape')) return;
  event.preventDefault();
  if (move) actions.stepBrush(column, end, move);
  else actions.setBrush(column, undefined);
}

/** Where the pointer went down on an axis, as a share of it. */
const begun = new WeakMap<Element, number>();

function beginDrag(event: PointerEvent): void {
  const axis = event.currentTarget;
  if (!(axis instanceof Element) || event.button !== 0) return;
  axis.setPointerCapture(event.pointerId);
  begun.set(axis, shareAt(event, axis));
}

function drag(event: PointerEvent, axis: ParallelAxis, actions: RunsActions): void {
  const target = event.currentTarget;
  if (!(target instanceof Element)) return;
  const from = begun.get(target);
  const to = shareAt(event, target);
  if (from === undefined || Math.abs(to - from) * HEIGHT < 4) return;
  actions.setBrush(axis.column.id, chooseBetween(axis, from, to));
}

function endDrag(event: PointerEvent, axis: ParallelAxis, actions: RunsActions): void {
  const target = event.currentTarget;
  if (!(target instanceof Element)) return;
  const from = begun.get(target);
  begun.delete(target);
  if (from !== undefined && Math.abs(shareAt(event, target) - from) * HEIGHT < 4)
    actions.setBrush(axis.column.id, undefined);
}

function shareAt({ clientY }: PointerEvent, axis: Element): number {
  const { top, height } = axis.getBoundingClientRect();
  return Math.min(1, Math.max(0, 1 - (clientY - top) / height));
}

function shorten(text: string): string {
  return text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text;
}
