import { loadParameters } from '../../../src/trainer/checkpoint/load-parameters.ts';
import { collate } from '../../../src/trainer/loop/collate.ts';
import { prepareRun } from '../../../src/trainer/loop/prepare.ts';
import { collateCausal } from '../../../src/trainer/loop/collate-targets.ts';
import { CpuEngine } from '../../../src/trainer/runtime/cpu-engine.ts';
import type { ResolvedRun } from '../../../src/language/resolved.ts';
import { flatten } from './engine-case.ts';

/**
 * The logits of rows of token ids, one list a row (of a language model one a token but the last), by the weights that a run wrote to a
 * folder: a whole model, or an adapter over the run's base. Every weight that the run trains must be in the folder.
 */
export async function predictOutput(
  folder: string,
  run: ResolvedRun,
  rows: readonly number[][],
): Promise<number[][]> {
  const { spec, values, trained } = await prepareRun(run, {
    device: 'cpu',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWarning: () => undefined,
  });
  const { values: stored, initialized } = loadParameters(trained, [folder], 0);
  if (initialized.length > 0) throw new Error(`${folder} lacks ${initialized.join(', ')}`);
  const weights = new Map([...values, ...stored]);
  const longest = Math.max(...rows.map((row) => row.length));
  const engine = await CpuEngine.create(spec, weights, {
    threads: 1,
    limits: { tokens: rows.flat().length, sequences: rows.length, length: longest },
    accumulates: false,
  });
  const sequences = flatten(rows);
  const every = new Uint8Array(sequences.input_ids.length).fill(1);
  const numbers = [...rows.keys()];
  const causal = run.model.task === 'text-generation' ? collateCausal(sequences, every, numbers) : undefined;
  const logits = await engine.predict(causal?.feeds ?? collate(sequences, numbers));
  await engine.dispose();
  const count = causal?.targets ?? rows.length;
  const width = logits.length / count;
  return Array.from({ length: count }, (_, i) => [...logits.subarray(i * width, (i + 1) * width)]);
}
