import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import {
  PROMPT_TRIAL_REQUEST,
  type PromptTrialParams,
  type PromptTrialResult,
} from '../../protocol/language-server.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { PROMPTS_SCHEME } from '../language/prompts-view.ts';
import { cellOf, selectedCell } from '../notebook/find-cell.ts';
import { findPrompts, findRunnables } from '../runs/runnable.ts';
import type { Services } from '../services.ts';
import { startTarget } from './start-target.ts';

/** Where configs lie that try prompts. */
const TRIALS = '.tunebook/trials';

/**
 * `Tunebook: Preview Prompt`: what models are asked by the prompts of a config or notebook, on a row of their data, beside it.
 * @throws TunebookError `prompt/none` where the config has none
 */
export async function previewPrompt({ prompts }: Services, ...args: unknown[]): Promise<void> {
  const { config, name } = await findPrompt(args);
  await prompts.show(config, name);
}

/** Fills the prompts of the view with the next row. */
export async function nextPromptRow({ prompts }: Services, view?: unknown): Promise<void> {
  await prompts.move(viewFrom(view), 'next');
}

/** Fills the prompts of the view with the row before. */
export async function previousPromptRow({ prompts }: Services, view?: unknown): Promise<void> {
  await prompts.move(viewFrom(view), 'previous');
}

/** Asks for the number of a row, and fills the prompts of the view with it. */
export async function goToPromptRow({ prompts }: Services, view?: unknown): Promise<void> {
  await prompts.move(viewFrom(view), 'ask');
}

/**
 * `Tunebook: Try Prompts on 50 Rows`: an evaluation of all prompts of a config with the model that is asked by one of them, and its rows side by
 * side. The config of the evaluation is kept below `.tunebook/trials`.
 * @throws TunebookError `prompt/none`, `prompt/no-trial` where nothing says which model and rows are meant; those of `startTarget`
 */
export async function tryPrompts(services: Services, ...args: unknown[]): Promise<void> {
  const { config, name } = await findPrompt(args);
  await save(config);
  const workspace = vscode.workspace.getWorkspaceFolder(config)?.uri.fsPath ?? findWorkspace(config.fsPath);
  const folder = join(workspace, TRIALS);
  const trial = await askTrial(services, { uri: config.toString(), name, folder });
  if (!trial) return;
  const file = join(folder, `${trial.name}.tune.yaml`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, trial.text);
  const [runnable] = findRunnables(trial.text);
  if (!runnable) throw new Error('the trial has no evaluation');
  const show = (id: string) => services.showComparison(id);
  await startTarget(services, { uri: vscode.Uri.file(file), runnable }, show);
}

async function askTrial(
  { language }: Services,
  params: PromptTrialParams,
): Promise<{ name: string; text: string } | undefined> {
  const result = await language.ask<PromptTrialResult>(PROMPT_TRIAL_REQUEST, params);
  if ('problem' in result)
    throw new TunebookError('prompt/no-trial', result.problem, {
      location: { file: vscode.Uri.parse(params.uri).fsPath },
    });
  if (!('candidates' in result)) return result;
  const candidate = await vscode.window.showQuickPick(result.candidates, {
    title: 'Try Prompts on 50 Rows',
    placeHolder: 'The candidate whose model is asked',
  });
  if (candidate === undefined) return undefined;
  const chosen = await language.ask<PromptTrialResult>(PROMPT_TRIAL_REQUEST, { ...params, candidate });
  return 'text' in chosen ? chosen : undefined;
}

/**
 * The prompt that a lens stands over, or the one at the cursor or in the selected cell, or the first of the config or notebook.
 * @throws TunebookError `prompt/none`
 */
async function findPrompt([uri, name]: unknown[]): Promise<{ config: vscode.Uri; name: string }> {
  const given = uri instanceof vscode.Uri ? uri : undefined;
  if (given && typeof name === 'string') return { config: given, name };
  const editor = vscode.window.activeTextEditor;
  const cell = given ? undefined : ((editor && cellOf(editor.document)) ?? selectedCell());
  const config = given ?? cell?.notebook.uri ?? editor?.document.uri;
  const documents = cell
    ? [cell, ...cell.notebook.getCells()].map(({ document }) => document)
    : config
      ? [await vscode.workspace.openTextDocument(config)]
      : [];
  const found = documents.flatMap((document) =>
    document.languageId === 'tune' ? promptsFrom(document, editor) : [],
  );
  const [prompt] = found;
  if (config && prompt !== undefined) return { config, name: prompt };
  throw new TunebookError('prompt/none', 'Neither a config nor a notebook with a prompt is open.', {
    hint: 'Open a *.tune.yaml file that has a document with `prompt: NAME`, or a notebook with such a cell.',
  });
}

/** The prompts of a document, the one at the cursor before the others. */
function promptsFrom(document: vscode.TextDocument, editor: vscode.TextEditor | undefined): string[] {
  const line = editor?.document === document ? editor.selection.active.line : -1;
  const prompts = findPrompts(document.getText());
  const here = prompts.filter(({ start, end }) => line >= start && line < end);
  return [...here, ...prompts].map(({ name }) => name);
}

/** The evaluation reads it from the disk. */
async function save(config: vscode.Uri): Promise<void> {
  const isIt = ({ uri }: { uri: vscode.Uri }) => uri.toString() === config.toString();
  const notebook = vscode.workspace.notebookDocuments.find(isIt);
  await (notebook ?? (await vscode.workspace.openTextDocument(config))).save();
}

/** @throws TunebookError `prompt/no-view` */
function viewFrom(view: unknown): vscode.Uri {
  const uri = view instanceof vscode.Uri ? view : vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme === PROMPTS_SCHEME) return uri;
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.scheme === PROMPTS_SCHEME,
  );
  if (shown) return shown.document.uri;
  throw new TunebookError('prompt/no-view', 'No prompt is shown.', {
    hint: 'Call "Tunebook: Preview Prompt" in a config first.',
  });
}
