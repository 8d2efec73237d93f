import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRun, runTitle } from '../../../protocol/describe-run.ts';
import { RUN_FILES, type RunSummary } from '../../../protocol/run.ts';
import type { RunStore } from '../../runs/run-store.ts';
import { runIcon } from '../run-item.ts';
import { sideItem, type SideRow } from './side-view.ts';

/** The Evaluations view: what was compared, newest first, with the verdict of each. */
export async function evaluationRows(store: RunStore): Promise<SideRow[]> {
  await store.refresh();
  return store.runs.filter(({ kind }) => kind === 'evaluate').map(row);
}

function row(run: RunSummary): SideRow {
  const verdict = run.state === 'finished' ? readVerdict(run.dir) : undefined;
  const item = sideItem(runTitle(run), {
    icon: 'beaker',
    description: verdict ?? describeRun(run),
    tooltip: [run.id, describeRun(run), ...(verdict === undefined ? [] : [verdict])].join('\n'),
    contextValue: 'evaluation',
    command: { command: 'tunebook.openMetrics', title: 'Open Metrics', arguments: [run.id] },
  });
  item.iconPath = runIcon(run);
  item.accessibilityInformation = { label: `comparison ${runTitle(run)}, ${String(item.description)}` };
  return { item };
}

function readVerdict(dir: string): string | undefined {
  try {
    const result: unknown = JSON.parse(readFileSync(join(dir, RUN_FILES.result), 'utf8'));
    const verdict =
      typeof result === 'object' && result !== null && 'verdict' in result ? result.verdict : undefined;
    return typeof verdict === 'string' ? verdict : undefined;
  } catch {
    return undefined;
  }
}
