import type { RunNotice } from '../../../protocol/webview.ts';

/** What is looked at to tell whether a run goes as it should. */
export interface Health {
  /** Whether the run is training now. */
  training: boolean;
  /** The training losses, whatever their smoothing. */
  loss: LossStretches;
  /** `[m]` losses of evaluations. */
  evalLoss: Float64Array;
  /** Milliseconds since the last event, and how long a step usually takes. */
  silence: number;
  stepTime: number;
  /** Bytes that are free where the run lies, and that one more checkpoint takes; undefined where it is not known. */
  free?: number;
  checkpoint?: number;
}

/** So many values make a stretch that is compared with another. */
const STRETCH = 20;
/** A loss so many times its best stretch diverges. */
const DIVERGED = 2;
/** Evaluations without improvement that make a plateau. */
const PLATEAU = 5;
/** Silence of so many steps, and of at least so many milliseconds, is a stall. */
const [STALL_STEPS, STALL_TIME] = [20, 60_000];

/** Losses of training, value by value: the median of the best stretch before the last one, and of the last values. */
export class LossStretches {
  /** The smallest median of a stretch; NaN before there are two, or where one holds no finite value. */
  #best: number;
  #length: number;
  readonly #recent: number[];

  constructor(state: LossStretches['state'] = { best: Infinity, length: 0, recent: [] }) {
    this.#best = state.best;
    this.#length = state.length;
    this.#recent = [...state.recent];
  }

  get state(): { best: number; length: number; recent: number[] } {
    return { best: this.#best, length: this.#length, recent: this.#recent };
  }

  get best(): number {
    return this.#length < 2 * STRETCH ? NaN : this.#best;
  }

  /** The median of the last stretch. */
  get last(): number {
    return median(this.#recent.slice(-STRETCH));
  }

  push(value: number): void {
    this.#recent.push(value);
    this.#length++;
    if (this.#length % STRETCH !== 0) return;
    if (this.#length >= 2 * STRETCH)
      this.#best = Math.min(this.#best, median(this.#recent.slice(0, STRETCH)));
    if (this.#recent.length > STRETCH) this.#recent.splice(0, STRETCH);
  }
}

/** What a person should look at. Pure; each is said once by its code. */
export function findAlerts(health: Health): RunNotice[] {
  const found = [
    ...diverges(health),
    ...plateaus(health),
    ...(health.training ? [...stalls(health), ...diskFills(health)] : []),
  ];
  return found.map((each) => ({ severity: 'warning', count: 1, ...each }));
}

type Alert = Pick<RunNotice, 'code' | 'message' | 'hint'>;

/** The median of the last stretch is far above that of the best one: medians, so that one bad batch is no alarm. */
function diverges({ loss: { best, last } }: Health): Alert[] {
  if (!(last > DIVERGED * best) || !(best > 0)) return [];
  return [
    {
      code: 'watch/diverges',
      message: `The loss was ${best.toPrecision(3)} and is ${last.toPrecision(3)} now: the training diverges.`,
      hint: 'Stop it; lower learning_rate, raise warmup_steps, or set max_grad_norm.',
    },
  ];
}

function plateaus({ evalLoss }: Health): Alert[] {
  const finite = [...evalLoss].filter(Number.isFinite);
  const best = finite.indexOf(Math.min(...finite));
  const since = finite.length - 1 - best;
  if (finite.length <= PLATEAU || since < PLATEAU) return [];
  return [
    {
      code: 'watch/plateau',
      message: `The loss of ${since} evaluations in a row was not below ${Math.min(...finite).toPrecision(4)}.`,
      hint: 'More of the same will not help; with early_stopping_patience a run ends by itself.',
    },
  ];
}

function stalls({ silence, stepTime }: Health): Alert[] {
  if (!(silence > Math.max(STALL_TIME, STALL_STEPS * stepTime))) return [];
  const minutes = Math.round(silence / 60_000);
  return [
    {
      code: 'watch/stalls',
      message: `Nothing has come from it for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
      hint: 'The machine may be asleep or out of memory. Its log says what it did last.',
    },
  ];
}

function diskFills({ free, checkpoint }: Health): Alert[] {
  if (free === undefined || checkpoint === undefined || free > 2 * checkpoint) return [];
  const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  return [
    {
      code: 'watch/disk',
      message: `The disk is nearly full: ${mebibytes(free)} are free, and a checkpoint takes ${mebibytes(checkpoint)}.`,
      hint: 'Free some space: `tunebook gc` empties the trash of removed runs.',
    },
  ];
}

/** Of the finite values; NaN of none. They are few: each is put in its place among those before it. */
function median(values: readonly number[]): number {
  const sorted: number[] = [];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    let at = sorted.length;
    for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = value;
  }
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 > 0 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
