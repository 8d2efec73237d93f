import { spawn } from 'node:child_process';
import { dirname, relative } from 'node:path';
import { datasetOutput } from '../../language/notebook/output/dataset-output.ts';
import { exportOutput } from '../../language/notebook/output/export-output.ts';
import { objectiveOutput } from '../../language/notebook/output/objective-output.ts';
import { promptOutput } from '../../language/notebook/output/prompt-output.ts';
import type { ExportDescription } from '../../protocol/export.ts';
import type { DatasetDescription, ObjectiveDescription, PromptDescription } from '../../protocol/notebook.ts';
import { explainRefusal } from '../runs/refusal.ts';

/** A document whose result comes at once and makes no run directory. Paths are absolute. */
export interface ToldDocument {
  kind: 'dataset' | 'prompt' | 'objective' | 'export';
  name: string;
  file: string;
  workspace: string;
  /** `tunebook.js`. */
  trainer: string;
  stop: AbortSignal;
}

/** The trainer's exit code for an objective that is not met. */
const NOT_MET = 4;

/**
 * Asks the trainer what a data set holds, what a prompt asks, whether an objective is met, or to write an export.
 * @returns the result as Markdown, and whether what follows may be run: not behind an objective that is not met
 * @throws TunebookError `launch/refused` with what the trainer says is wrong
 */
export async function tellDocument(asked: ToldDocument): Promise<{ markdown: string; done: boolean }> {
  const { kind, file } = asked;
  const { answer, code } = await ask(asked);
  const done = code === 0;
  switch (kind) {
    case 'dataset':
      // SAFETY: the last line that the trainer of the same version prints of a data set.
      return { markdown: datasetOutput(answer as DatasetDescription), done };
    case 'prompt':
      // SAFETY: of a prompt.
      return { markdown: promptOutput(answer as PromptDescription), done };
    case 'objective':
      // SAFETY: of an objective.
      return { markdown: objectiveOutput(answer as ObjectiveDescription), done };
    case 'export': {
      // SAFETY: of an export.
      const written = answer as ExportDescription;
      return { markdown: exportOutput(written, relative(dirname(file), written.folder)), done };
    }
  }
}

async function ask({
  kind,
  name,
  file,
  workspace,
  trainer,
  stop,
}: ToldDocument): Promise<{ answer: unknown; code: number }> {
  const command = kind === 'export' ? 'export' : 'inspect';
  const args = [trainer, command, file, `${kind}:${name}`, '--json', '--workspace', workspace];
  const child = spawn(process.execPath, args, {
    cwd: workspace,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    signal: stop,
  });
  let output = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0 && !(kind === 'objective' && code === NOT_MET))
    throw explainRefusal(said || output, workspace, file);
  return { answer: JSON.parse(output.trim().split('\n').at(-1) ?? ''), code };
}
