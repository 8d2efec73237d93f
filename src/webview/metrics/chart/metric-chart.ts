import { html, nothing, render, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import { isShare } from '../../../protocol/format.ts';
import { onThemeChange } from '../../ui/theme.ts';
import type { ChartLine } from '../charts.ts';
import { toWire } from '../../../protocol/numbers.ts';
import { AXIS_TITLES, placeWords } from '../axis-words.ts';
import { valueWord } from '../words.ts';
import { alignSeries, valueNear } from './align.ts';
import type { ChartView } from './chart-view.ts';
import { chartOptions, lineColumns, SYNC_KEY, type Tick } from './options.ts';
import { drawPicture } from './draw-picture.ts';
import { drawMarks } from './marks.ts';
import { lineColor } from './palette.ts';
import type { Picture } from './picture.ts';
import { moveBy, stretchAround, type Seen } from './stretch.ts';

const HEIGHT = 220;
/** A position that hides the cursor. */
const OUTSIDE = -10;

/**
 * A chart: its legend with the values under the cursor (else the latest), and the plot. The plot can be walked by keyboard: it is a
 * slider over the steps whose value is what the lines have there. Plus and minus zoom, 0 and Escape show all.
 */
export class MetricChart extends HTMLElement {
  #view: ChartView | undefined;
  #plot: uPlot | undefined;
  #shape = '';
  /** The step that is pointed at; undefined for none. */
  #step: number | undefined;
  readonly #ticks: Record<'x' | 'y', Tick[]> = { x: [], y: [] };
  readonly #legend = document.createElement('div');
  readonly #stage = document.createElement('div');
  readonly #marks = document.createElement('div');
  readonly #resize = new ResizeObserver(() => this.#fit());
  #stopTheme: (() => void) | undefined;

  set view(view: ChartView) {
    this.#view = view;
    if (this.isConnected) this.#update();
  }

  /** The chart as a picture, as it is seen now; undefined while it has no place on the page. */
  get picture(): Picture | undefined {
    return this.#plot && this.#view && drawPicture(this.#plot, this.#view, this.#ticks);
  }

  connectedCallback(): void {
    if (this.childElementCount === 0) this.#build();
    this.#resize.observe(this.#stage);
    this.#stopTheme = onThemeChange(() => this.#rebuild());
    this.#update();
  }

  disconnectedCallback(): void {
    this.#resize.disconnect();
    this.#stopTheme?.();
    this.#destroy();
  }

  #build(): void {
    this.#legend.className = 'legend';
    this.#stage.className = 'plot';
    this.#marks.className = 'marks';
    this.#stage.tabIndex = 0;
    this.#stage.setAttribute('role', 'slider');
    this.#stage.setAttribute('aria-describedby', 'chart-help');
    this.#stage.addEventListener('keydown', (event) => this.#onKey(event));
    this.#stage.addEventListener('focus', () => this.#point(this.#step ?? this.#bounds()[1]));
    this.#stage.addEventListener('blur', () => this.#point(undefined));
    this.append(this.#legend, this.#stage);
  }

  #update(): void {
    const view = this.#view;
    if (!view) return;
    const { lines } = view.chart;
    const shape = JSON.stringify([
      view.log,
      view.logX,
      view.axis,
      view.bulk !== undefined,
      lines.map(({ series, color, number }) => [series.runId, series.split, color, number, !series.smoothed]),
      lines.map(({ series }) => series.points.x.length < 2),
    ]);
    if (shape !== this.#shape) this.#destroy();
    this.#shape = shape;
    if (this.#plot) this.#plot.setData(this.#data(), true);
    else this.#create();
    this.#stage.setAttribute('aria-label', `${view.chart.title} by ${AXIS_TITLES[view.axis].toLowerCase()}`);
    this.#tell();
  }

  #create(): void {
    const view = this.#view;
    const width = this.#stage.clientWidth;
    if (!view || width === 0) return;
    const { lines, id } = view.chart;
    const settings = {
      log: view.log,
      logX: view.logX,
      axis: view.axis,
      share: isShare(id),
      numbered: lines.some(({ number }) => number !== undefined),
      xRange: (min: number, max: number) => this.#xRange(min, max),
      bulk: () => this.#view?.bulk,
      onSelect: (from: number, to: number) => this.#zoom(from, to),
      onReset: () => this.#show(undefined),
      onCursor: (step: number | undefined) => this.#pointedAt(step === undefined ? step : this.#within(step)),
      onDraw: () => this.#drawMarks(),
      onTicks: (axis: 'x' | 'y', ticks: Tick[]) => (this.#ticks[axis] = ticks),
    };
    const options = chartOptions(lines, settings, { width, height: HEIGHT });
    this.#plot = new uPlot(options, this.#data(), this.#stage);
    this.#plot.over.append(this.#marks);
    this.#drawMarks();
  }

  #destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #rebuild(): void {
    this.#destroy();
    this.#create();
  }

  #fit(): void {
    const width = this.#stage.clientWidth;
    if (width === 0) return;
    if (this.#plot) this.#plot.setSize({ width, height: HEIGHT });
    else this.#create();
  }

  #data(): uPlot.AlignedData {
    const lines = this.#view?.chart.lines ?? [];
    return alignSeries(lines.flatMap(lineColumns), this.#view?.log ?? false, this.#view?.logX);
  }

  #drawMarks(): void {
    if (this.#plot && this.#view) drawMarks(this.#plot, this.#marks, this.#view.chart.lines);
  }

  #xRange(min: number, max: number): [number, number] {
    const { range, logX } = this.#view ?? {};
    if (range && logX) return [Math.max(range[0], this.#plot?.data[0][0] ?? range[1] / 1e3), range[1]];
    if (range) return range;
    if (logX) return max > min ? [min, max] : [min / 2, min * 2];
    return max > min ? [min, max] : [min - 1, max + 1];
  }

  /** The first and the last step that is seen, or will be in the next frame. */
  #bounds(): [number, number] {
    if (this.#view?.range) return this.#view.range;
    const { min = 0, max = 0 } = this.#plot?.scales['x'] ?? {};
    return [min, max];
  }

  /** The same as keys go along it: what a logarithmic axis has no place for is not seen. */
  #seen(): Seen {
    const [min, max] = this.#bounds();
    const isLog = this.#view?.logX === true;
    const first = this.#plot?.data[0][0] ?? max;
    return { range: [isLog && min <= 0 ? first : min, max], isLog };
  }

  /** A place on the axis; what its position comes to is a hair beyond the end at times. */
  #within(place: number): number {
    const [min, max] = this.#bounds();
    return Math.min(max, Math.max(min, place));
  }

  #zoom(from: number, to: number): void {
    const whole = this.#view?.axis === 'step';
    const [first, last] = [Math.max(0, whole ? Math.floor(from) : from), whole ? Math.ceil(to) : to];
    if (last > first) this.#show([first, last]);
  }

  /** Keys come faster than frames: the next one counts from this stretch, though it is not drawn yet. */
  #show(range: [number, number] | undefined): void {
    if (!this.#view) return;
    this.#view = { ...this.#view, range };
    this.#view.onZoom(range);
  }

  #onKey(event: KeyboardEvent): void {
    const seen = this.#seen();
    const [min, max] = seen.range;
    const at = this.#step ?? max;
    const far = (direction: 1 | -1) => {
      const place = moveBy(at, direction / 10, seen);
      const least = at + (this.#view?.axis === 'step' ? direction : 0);
      return direction > 0 ? Math.max(place, least) : Math.min(place, least);
    };
    const nearer = () => this.#zoom(...stretchAround(at, 0.5, seen));
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.#point(this.#neighbour(at, -1)),
      ArrowDown: () => this.#point(this.#neighbour(at, -1)),
      ArrowRight: () => this.#point(this.#neighbour(at, 1)),
      ArrowUp: () => this.#point(this.#neighbour(at, 1)),
      PageDown: () => this.#point(far(-1)),
      PageUp: () => this.#point(far(1)),
      Home: () => this.#point(min),
      End: () => this.#point(max),
      '+': nearer,
      '=': nearer,
      '-': () => this.#zoom(...stretchAround(at, 2, seen)),
      '0': () => this.#show(undefined),
      Escape: () => this.#show(undefined),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  }

  /** The next step that some line has a value at. */
  #neighbour(step: number, direction: 1 | -1): number {
    const steps = this.#plot?.data[0] ?? [];
    let best = step;
    for (let i = 0; i < steps.length; i++) {
      const candidate = steps[direction > 0 ? steps.length - 1 - i : i] ?? step;
      if (direction > 0 ? candidate <= step : candidate >= step) break;
      best = candidate;
    }
    return best;
  }

  #point(step: number | undefined): void {
    const plot = this.#plot;
    if (!plot) return;
    const within = step === undefined ? undefined : this.#within(step);
    for (const chart of uPlot.sync(SYNC_KEY).plots) {
      const left = within === undefined ? OUTSIDE : chart.valToPos(within, 'x');
      chart.setCursor({ left, top: within === undefined ? OUTSIDE : HEIGHT / 2 });
    }
    this.#pointedAt(within);
  }

  #pointedAt(step: number | undefined): void {
    if (step === this.#step) return;
    this.#step = step;
    this.#tell();
  }

  /** Puts the values under the cursor into the legend and into what the slider says. */
  #tell(): void {
    const view = this.#view;
    if (!view) return;
    const readings = view.chart.lines.map((line) => read(line, this.#step));
    const place = this.#step ?? Math.max(...readings.map((reading) => reading.step ?? 0));
    const step = view.axis === 'step' ? Math.round(place) : place;
    const at = this.#step === undefined ? 'latest' : placeWords(view.axis, step);
    render(legend(view.chart.lines, readings, at), this.#legend);
    const [min, max] = this.#bounds();
    const number = (value: number) => String(view.axis === 'step' ? Math.round(value) : value);
    this.#stage.setAttribute('aria-valuemin', number(min));
    this.#stage.setAttribute('aria-valuemax', number(max));
    this.#stage.setAttribute('aria-valuenow', String(step));
    const values = view.chart.lines.map(({ label }, i) => `${label} ${readings[i]?.value ?? 'no value'}`);
    this.#stage.setAttribute(
      'aria-valuetext',
      `${capital(placeWords(view.axis, step))}: ${values.join(', ')}`,
    );
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface Reading {
  step?: number;
  value?: string;
  smoothed?: string;
}

/** The value of a line at a step; its last value for no step. */
function read({ series }: ChartLine, step: number | undefined): Reading {
  const { metric, points, smoothed, facts } = series;
  if (step === undefined) {
    const { last } = facts;
    const end = smoothed?.y[smoothed.y.length - 1];
    const place = points.x[points.x.length - 1];
    return last
      ? { step: place ?? last.step, value: valueWord(metric, last.value), ...smooth(metric, end) }
      : {};
  }
  const point = valueNear(points, step);
  if (!point) return {};
  const average = smoothed && valueNear(smoothed, step)?.value;
  // Where a line is reduced, a gap says only that something in it was not finite.
  return { step: point.step, value: valueWord(metric, toWire(point.value)), ...smooth(metric, average) };
}

function smooth(metric: string, value: number | undefined): Pick<Reading, 'smoothed'> {
  return value === undefined || !Number.isFinite(value) ? {} : { smoothed: valueWord(metric, value) };
}

function legend(lines: readonly ChartLine[], readings: readonly Reading[], at: string): TemplateResult {
  return html`<ul>
      ${lines.map((line, i) => {
        const { value, smoothed } = readings[i] ?? {};
        return html`<li>
          ${swatch(line)}<span class="label">${line.label}</span> <span class="value">${value ?? '–'}</span>
          ${smoothed === undefined ? nothing : html`<span class="smoothed">smoothed ${smoothed}</span>`}
        </li>`;
      })}
    </ul>
    <span class="at">${at}</span>`;
}

function swatch({ color, number, series }: ChartLine): TemplateResult {
  return html`<svg
      class="swatch"
      viewBox="0 0 18 10"
      width="18"
      height="10"
      aria-hidden="true"
      focusable="false"
    >
      <line
        x1="1"
        y1="5"
        x2="17"
        y2="5"
        stroke=${lineColor(color)}
        stroke-width="2.5"
        stroke-dasharray=${series.split === 'eval' ? '4 3' : 'none'}
      ></line></svg
    >${number === undefined ? nothing : html`<span class="number">${number}</span>`}`;
}
