import { spawn } from 'node:child_process';
import { datasetOutput } from '../../language/notebook/output/dataset-output.ts';
import type { DatasetDescription } from '../../protocol/notebook.ts';
import { explainRefusal } from '../runs/refusal.ts';

/** A data set to describe. Paths are absolute. */
export interface DescribeOptions {
  file: string;
  name: string;
  workspace: string;
  trainer: string;
  stop: AbortSignal;
}

/**
 * Asks the trainer what a data set holds; gives it as Markdown.
 * @throws TunebookError `launch/refused` with what the trainer says is wrong
 */
export async function describeData({
  file,
  name,
  workspace,
  trainer,
  stop,
}: DescribeOptions): Promise<string> {
  const args = [trainer, 'inspect', file, name, '--json', '--workspace', workspace];
  const child = spawn(process.execPath, args, {
    cwd: workspace,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
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
  if (code !== 0) throw explainRefusal(said || output, workspace, file);
  const last = output.trim().split('\n').at(-1) ?? '';
  // SAFETY: the last line that the trainer prints when it ends well.
  return datasetOutput(JSON.parse(last) as DatasetDescription);
}
