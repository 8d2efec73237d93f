import { formatBytes } from '../../protocol/format.ts';
import { RUN_FILES, type RunManifest } from '../../protocol/run.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { FactsCache } from '../facts-cache.ts';
import type { Download } from '../hub/download.ts';
import { Hub } from '../hub/hub.ts';
import type { HubNotice } from '../hub/locate.ts';
import { missingSources, type Pinned } from '../hub/sources.ts';
import { ProgressMeter } from '../loop/progress.ts';
import { describeInputs, type Plan } from './manifest.ts';

/** Where the inputs of a run come from, and where it is written down what they were. */
export interface Sources {
  readonly plan: Plan;
  readonly workspace: string;
  /** What is to be brought from the Hub first. */
  readonly missing: readonly Download[];
  /** What was found out about them before the run had a directory. */
  readonly notices: readonly HubNotice[];
}

/** The sources of a plan whose resolved document is `config`, pinned. */
export function sourcesOf(
  config: Pinned,
  plan: Plan,
  workspace: string,
  notices: readonly HubNotice[] = [],
): Sources {
  return { plan, workspace, missing: missingSources(config), notices };
}

/**
 * Brings what a run needs from the Hub, and then writes into `run.json` what could not be known before: checksums and rows. What has
 * come stays in the cache also when the run is stopped.
 * @returns false when it was stopped on the way
 * @throws TunebookError `hub/…`, `run/disk-full`, and what is wrong with the files
 */
export async function fetchSources(
  { plan, workspace, missing, notices }: Sources,
  manifest: RunManifest,
  { writer, stop }: { writer: RunWriter; stop: StopRequest },
): Promise<boolean> {
  for (const notice of notices) writer.event({ type: 'warning', ...notice });
  if (missing.length === 0) return true;
  const abort = new AbortController();
  const unsubscribe = stop.onRequest((reason) => abort.abort(new Error(reason)));
  const { signal } = abort;
  const total = missing.reduce((sum, { file }) => sum + file.size, 0);
  const reason = `First ${formatBytes(total)} come from the Hugging Face Hub.`;
  writer.event({ type: 'state', state: 'preparing', reason });
  try {
    const hub = new Hub({ signal, onNotice: (notice) => writer.event({ type: 'warning', ...notice }) });
    const meter = new ProgressMeter(writer, 'download', total, 0);
    await hub.download(missing, { onProgress: (done) => meter.update(done) });
    const inputs = await describeInputs(plan, { workspace, facts: new FactsCache(), signal });
    writer.writeFileAtomic(
      RUN_FILES.manifest,
      `${JSON.stringify({ ...manifest, ...writer.mask(inputs) }, undefined, 2)}\n`,
    );
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    unsubscribe();
  }
}
