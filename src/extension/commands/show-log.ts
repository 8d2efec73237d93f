import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { launchLog } from '../runs/launch.ts';
import { launchLogs } from '../runs/logs.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';

/** `Tunebook: Show Log`: what the process of a run printed, at its end. */
export async function showLog(services: Services, id?: unknown): Promise<void> {
  const run = await pickRun(services, id, { title: 'Show Log', none: 'Nothing has run here yet.' });
  if (!run) return;
  const log = join(run.dir, RUN_FILES.log);
  const printed = launchLog(launchLogs(services.context), run.id);
  const path = [log, printed].find((file) => existsSync(file));
  if (path === undefined)
    throw new TunebookError('run/no-log', `${run.id} has printed nothing so far.`, {
      hint: 'What it does stands in its metrics.',
    });
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  const end = document.lineAt(document.lineCount - 1).range;
  await vscode.window.showTextDocument(document, { selection: end, preview: true });
}
