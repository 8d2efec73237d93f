import type { RunSummary } from '../../../protocol/run.ts';
import type { PanelRun, PanelSeries, SeriesFacts } from '../../../protocol/webview.ts';

/** Values as the host sends them, for tests. */

export function facts(fields: Partial<SeriesFacts> = {}): SeriesFacts {
  return { count: 0, nonFinite: [], resumedAt: [], ...fields };
}

export function series(
  runId: string,
  metric: string,
  values: Record<number, number> = { 1: 1 },
): PanelSeries {
  const steps = Object.keys(values).map(Number);
  return {
    runId,
    metric,
    split: metric.startsWith('eval_') ? 'eval' : 'train',
    points: { x: Float64Array.from(steps), y: Float64Array.from(Object.values(values)) },
    facts: facts({ count: steps.length }),
  };
}

export function summary(fields: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'a',
    dir: '/project/.tunebook/runs/a',
    kind: 'run',
    name: 'intents-full',
    createdAt: '2026-11-24T17:00:00.000Z',
    file: 'intents.tune.yaml',
    state: 'running',
    metrics: {},
    step: 0,
    epoch: 0,
    warnings: 0,
    ...fields,
  };
}

export function panelRun(id: string, fields: Partial<RunSummary> = {}): PanelRun {
  return {
    id,
    dir: `/project/.tunebook/runs/${id}`,
    summary: summary({ id, name: id, ...fields }),
    notices: [],
  };
}
