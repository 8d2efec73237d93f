import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { TOOLS } from '../../language/import/detect.ts';
import type { Imported } from '../../language/import/import-config.ts';
import type { LanguageHost } from '../../language/host.ts';
import type { Services } from '../services.ts';
import { workspaceFolders } from '../services.ts';

const FILTERS = { 'Configs and scripts': ['yml', 'yaml', 'json', 'py', 'ipynb', 'sh', 'md'] };

/**
 * `Tunebook: Import Config`: turns a config of Axolotl, LLaMA-Factory, torchtune or TRL, or a Hugging Face script, into a
 * config of ours beside it, and opens that. What has no counterpart stands at its top.
 */
export async function importConfigCommand(_services: Services, ...args: unknown[]): Promise<void> {
  const source = await pickSource(args[0]);
  if (!source) return;
  const folder = dirname(source.fsPath);
  const { importFile } = await import('../later.ts');
  const imported = await importFile(HOST, {
    file: source.fsPath,
    folder,
    roots: [folder, ...workspaceFolders()],
  });
  const target = await freeFile(source);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(imported.text));
  await vscode.window.showTextDocument(target);
  await tell(imported);
}

/** The file that was clicked in the explorer, the one in the editor, or one that is picked. */
async function pickSource(given: unknown): Promise<vscode.Uri | undefined> {
  if (given instanceof vscode.Uri) return given;
  const { activeNotebookEditor: notebook, activeTextEditor: editor } = vscode.window;
  const open = notebook?.notebook.uri ?? editor?.document.uri;
  const isSource =
    open?.scheme === 'file' &&
    /\.(ya?ml|json|py|ipynb|sh)$/.test(open.path) &&
    !/\.tune\.ya?ml$/.test(open.path);
  if (open && isSource) return open;
  const picked = await vscode.window.showOpenDialog({
    title: 'Config or Script to Import',
    openLabel: 'Import',
    filters: FILTERS,
  });
  return picked?.[0];
}

/** `NAME.tune.yaml` beside a file, or with the first number that is free. */
async function freeFile(source: vscode.Uri): Promise<vscode.Uri> {
  const stem = source.fsPath.replace(/\.[^./\\]*$/, '');
  for (let number = 1; ; number++) {
    const path = `${stem}${number === 1 ? '' : `-${number}`}.tune.yaml`;
    if ((await HOST.stat(path)) === undefined) return vscode.Uri.file(path);
  }
}

async function tell({ tool, notes }: Imported): Promise<void> {
  const carried = notes.filter(({ outcome }) => outcome === 'carried').length;
  const lost = notes.filter(({ outcome }) => outcome === 'lost').length;
  const rest =
    lost === 0
      ? 'Nothing was lost.'
      : `${lost === 1 ? '1 has' : `${lost} have`} no counterpart; see the top of the new file.`;
  await vscode.window.showInformationMessage(
    `${carried} settings of ${TOOLS[tool]} were carried over. ${rest}`,
  );
}

/** Files as VS Code sees them: what is open and not saved counts. */
const HOST: LanguageHost = {
  async readFile(path) {
    const uri = vscode.Uri.file(path);
    // Cells of a notebook are documents of the same path and another scheme.
    const open = vscode.workspace.textDocuments.find(
      (document) => document.uri.toString() === uri.toString(),
    );
    if (open) return open.getText();
    return (await HOST.stat(path)) === undefined ? undefined : await vscode.workspace.fs.readFile(uri);
  },
  async stat(path) {
    try {
      const { type } = await vscode.workspace.fs.stat(vscode.Uri.file(path));
      return (type & vscode.FileType.Directory) === 0 ? 'file' : 'folder';
    } catch {
      return undefined;
    }
  },
  async listDirectory(path) {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(path));
    return entries.map(([name, type]) => ({
      name,
      kind: (type & vscode.FileType.Directory) === 0 ? 'file' : 'folder',
    }));
  },
};
