import { TunebookError } from '../../../protocol/error.ts';
import type { ItemKind } from './items.ts';

/** As much of a candidate as says whether it varies. */
type Varying =
  | {
      readonly kind: 'endpoint' | 'local';
      readonly settings: { readonly do_sample: boolean; readonly seed: number };
    }
  | { readonly kind: 'classifier' };

/** Metrics of labels that are a mean over rows, so that repeats can be averaged row by row. */
const REPEATED_LABEL_METRICS: readonly string[] = ['accuracy', 'micro_f1', 'latency', 'cost', 'win_rate'];

/** Whether a candidate may answer the same row in another way: it draws at random, or nobody knows how it answers. */
export function varies(candidate: Varying, kind: ItemKind): boolean {
  if (candidate.kind === 'endpoint') return true;
  return candidate.kind === 'local' && kind === 'text' && candidate.settings.do_sample;
}

/** The candidate for a repeat: every repeat draws from other seeds, of which each row uses one. */
export function forRepeat<Each extends Varying>(candidate: Each, repeat: number, rows: number): Each {
  if (repeat === 0 || candidate.kind === 'classifier') return candidate;
  const { settings } = candidate;
  return { ...candidate, settings: { ...settings, seed: (settings.seed + repeat * rows) % 2 ** 32 } };
}

/** The file that the answers of a repeat are kept in; those of the first stand where all answers do. */
export function recordsOfRepeat(file: string, repeat: number): string {
  return repeat === 0 ? file : file.replace(/(?=\.\w+$)/, `-${repeat + 1}`);
}

/**
 * Checks that what is measured can be told over repeats.
 * @throws TunebookError `evaluate/unsupported` for macro-F1, which no mean over rows gives
 */
export function checkRepeats(kind: ItemKind, metrics: readonly string[], file: string): void {
  const strange = kind === 'label' && metrics.find((metric) => !REPEATED_LABEL_METRICS.includes(metric));
  if (!strange) return;
  throw new TunebookError(
    'evaluate/unsupported',
    `\`${strange}\` is no mean over rows, so it is not measured over \`repeats\` of labels.`,
    { hint: 'Set `metrics: [accuracy]`, or leave out `repeats`.', location: { file } },
  );
}
