import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import type { Services } from '../services.ts';

const EXAMPLE = 'editor-commands';

/** `Tunebook: Open Example`: copies the example into a folder that the person picks, and opens the copy. */
export async function openExample({ context }: Services): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    title: `Folder to put the example "${EXAMPLE}" in`,
    openLabel: 'Put Example Here',
    canSelectFiles: false,
    canSelectFolders: true,
  });
  const parent = picked?.[0];
  if (!parent) return;
  const target = freePath(parent.fsPath);
  await copyExample(join(context.extensionPath, 'examples', EXAMPLE), target);
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(target));
}

/** `editor-commands`, or with the first number that is free. */
function freePath(parent: string): string {
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? EXAMPLE : `${EXAMPLE}-${number}`);
    if (!existsSync(path)) return path;
  }
}

/** Copies the example without runs that were made in it. */
async function copyExample(from: string, to: string): Promise<void> {
  try {
    await cp(from, to, { recursive: true, filter: (source) => basename(source) !== '.tunebook' });
  } catch (cause) {
    throw new TunebookError('example/not-written', `The example could not be written to ${to}.`, {
      hint: 'Pick a folder that you may write to, on a disk with some 10 MB free.',
      cause,
    });
  }
}
