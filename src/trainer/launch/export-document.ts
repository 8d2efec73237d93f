import { isHubReference } from '../../language/hub-reference.ts';
import { resolveExport } from '../../language/resolve.ts';
import type { ExportDescription } from '../../protocol/export.ts';
import type { CommandInput } from '../command-line/command.ts';
import { exportModel } from '../export/export-model.ts';
import { missingModel } from '../hub/sources.ts';
import type { CheckedConfig } from './open-checked.ts';
import { fetchNow, openHub } from './open-hub.ts';

/**
 * Carries an `export:` document out. A model of the Hub is brought into the cache first, as a run does.
 * @throws TunebookError `hub/…`, and those of {@link exportModel}
 */
export async function exportDocument(
  input: CommandInput,
  { project, document, workspace }: CheckedConfig,
  signal: AbortSignal,
): Promise<ExportDescription> {
  const wanted = resolveExport(project, document);
  if (!isHubReference(wanted.model)) return exportModel(wanted, workspace);
  const { hub } = openHub(input, signal);
  const model = await hub.pinModel(wanted.model);
  await fetchNow(input, hub, missingModel(model));
  return exportModel({ ...wanted, model }, workspace);
}
