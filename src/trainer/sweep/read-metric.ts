import type { ResolvedSweep } from '../../language/resolved.ts';
import { fromWire } from '../../protocol/numbers.ts';
import { RunReader } from '../../runs/read.ts';

/**
 * The value of a sweep's metric that a run stands for: that of its last evaluation, or of its best one where it gives back the
 * best model. Without a finite one, why.
 */
export function readMetric(
  dir: string,
  { metric, mode }: Pick<ResolvedSweep, 'metric' | 'mode'>,
  best: boolean,
): { metric?: number; why?: string } {
  const key = `eval_${metric}`;
  const values: number[] = [];
  const names = new Set<string>();
  const reader = new RunReader(dir, (events, reset) => {
    if (reset) values.length = 0;
    for (const event of events) {
      // What a model could do before its first step is nothing that the run reached.
      if (event.type !== 'metrics' || event.split !== 'eval' || event.step === 0) continue;
      for (const name of Object.keys(event.values)) names.add(name.replace(/^eval_/, ''));
      const value = event.values[key];
      if (value !== undefined) values.push(fromWire(value));
    }
  });
  reader.read();
  const finite = values.filter(Number.isFinite);
  const chosen = best ? (mode === 'max' ? Math.max : Math.min)(...finite) : values.at(-1);
  if (chosen !== undefined && Number.isFinite(chosen)) return { metric: chosen };
  if (values.length > 0) return { why: `its ${metric} is no number.` };
  if (names.size === 0) return { why: 'it was not evaluated.' };
  return { why: `it has no ${metric}, only ${[...names].join(', ')}.` };
}
