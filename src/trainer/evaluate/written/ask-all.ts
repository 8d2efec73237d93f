import { makePauses } from '../../data/pause.ts';
import { askText, type AskedText } from './ask-text.ts';
import { checkLengths } from './check-lengths.ts';
import { askChoice, type AskedChoice } from './choose-label.ts';
import type { LocalCandidate } from './local-candidate.ts';
import { isLossMetric } from './measure.ts';
import type { Item, Items } from './items.ts';
import type { EvaluationMetric } from '../../../language/schema/metrics.ts';

/** What a model is asked, row by row: to choose, or to write and to have its references scored. */
export type AskedRows =
  | { readonly kind: 'choice'; readonly rows: readonly AskedChoice[] }
  | {
      readonly kind: 'text';
      readonly rows: readonly AskedText[];
      /** Whether texts are written at all; where only losses are wanted, and of whole texts, none are. */
      readonly writes: boolean;
      /** Whether the loss of the references is wanted. */
      readonly scores: boolean;
    };

export interface Asking {
  readonly candidates: readonly LocalCandidate[];
  readonly items: Items;
  /** What can be chosen, where every row asks for one of the same labels. */
  readonly labels: readonly string[] | undefined;
  readonly metrics: readonly EvaluationMetric[];
  /** Whether answers are checked by assertions. */
  readonly asserts: boolean;
}

/**
 * Writes and tokenizes the prompt of each row for each model of this machine, once for all repeats, and checks that the models can read
 * them.
 * @returns by the candidate's name; as many rows as there are items
 * @throws TunebookError `evaluate/prompt-too-long` for all candidates at once, `evaluate/missing-slot`, `evaluate/bad-prompt`; the
 *   signal's reason when aborted
 */
export async function askAll(asking: Asking, signal: AbortSignal): Promise<Map<string, AskedRows>> {
  const asked = new Map<string, AskedRows>();
  for (const candidate of asking.candidates) asked.set(candidate.name, await ask(candidate, asking, signal));
  const read = asking.candidates.map((candidate) => ({ candidate, rows: asked.get(candidate.name)!.rows }));
  checkLengths(read, asking.items.list);
  return asked;
}

async function ask(
  candidate: LocalCandidate,
  { items: { kind, list }, labels, metrics, asserts }: Asking,
  signal: AbortSignal,
): Promise<AskedRows> {
  const pause = makePauses({ signal });
  const forEach = async <Asked>(one: (item: Item, row: number) => Asked): Promise<Asked[]> => {
    const rows: Asked[] = [];
    for (const [row, item] of list.entries()) {
      rows.push(one(item, row));
      await pause(row);
    }
    return rows;
  };
  if (labels || kind === 'choice') {
    const rows = await forEach((item, row) => askChoice(candidate, item, row, labels ?? item.choices ?? []));
    return { kind: 'choice', rows };
  }
  const writes = kind === 'text' && (asserts || metrics.some((metric) => !isLossMetric(metric)));
  const scores = metrics.some(isLossMetric);
  const rows = await forEach((item, row) => askText(candidate, item, row, { writes, scores }));
  return { kind: 'text', rows, writes, scores };
}
