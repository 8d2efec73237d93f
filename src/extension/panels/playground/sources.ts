import type { PlaygroundSource } from '../../../protocol/playground.ts';
import type { RunSummary } from '../../../protocol/run.ts';
import { environmentUnder, fillConfig } from '../../../runs/environment.ts';
import { readManifest } from '../../../runs/read.ts';
import type { FoundModel } from '../../../runs/models.ts';

/** A model that was found on this machine. */
export function sourceOfModel({ reference, name }: Pick<FoundModel, 'reference' | 'name'>): PlaygroundSource {
  return { kind: 'model', model: reference, name };
}

/**
 * The candidates that a run stands for: of an evaluation all of its own; of a training its model, and beside it the one that it began with.
 * A run that has not finished has no model, which the playground then says.
 * @throws TunebookError `run/environment-missing` when that one is named by a variable that is not set
 */
export function sourcesOfRun({ dir, id, kind, name }: RunSummary): PlaygroundSource[] {
  const { manifest } = readManifest(dir);
  const config = manifest?.config;
  if (kind === 'evaluate') {
    const [file, named] = [field(config, 'file'), field(config, 'name')];
    return typeof file === 'string'
      ? [{ kind: 'evaluate', file, name: typeof named === 'string' ? named : name }]
      : [];
  }
  const tuned: PlaygroundSource = { kind: 'model', model: `run:${name}@${id}`, name };
  const model = fillConfig(
    { base: field(field(config, 'model'), 'base') },
    environmentUnder(manifest?.environment, '/model'),
    id,
  );
  const base = field(model, 'base');
  return typeof base === 'string' && base !== 'scratch'
    ? [{ kind: 'model', model: base, name: 'base' }, tuned]
    : [tuned];
}

function field(value: unknown, name: string): unknown {
  // SAFETY: of an object any field may be asked for; what it holds is unknown.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
