import * as vscode from 'vscode';
import { configOf } from '../../runs/workspace.ts';
import { findSections, type Runnable, type Section } from '../runs/runnable.ts';
import type { RunStore } from '../runs/run-store.ts';
import { promptLenses } from './prompt-lenses.ts';

const COMPARE = '$(split-horizontal) Compare';

/**
 * `Run` and `Plan` over each `run:`, `Run` over each `sweep:`, `Evaluate` over each `evaluate:`, `Preview` and `Try` over each `prompt:`, none where nothing may be run; and `Compare` over a `run:` of
 * a file in which several have run, and over an `evaluate:` that was evaluated.
 */
export class RunLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #store: RunStore;
  readonly #unsubscribe: () => void;
  #names = '';

  constructor(store: RunStore) {
    this.#store = store;
    this.#unsubscribe = store.onDidChange(() => {
      // Progress comes every second; lenses depend on the names alone, and on which evaluation is the newest.
      const names = [...new Set(store.runs.map(({ name, kind, id }) => (kind === 'evaluate' ? id : name)))]
        .sort()
        .join('\n');
      if (names === this.#names) return;
      this.#names = names;
      this.#changed.fire();
    });
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted) return [];
    const sections = findSections(document.getText());
    const runnables = sections.filter((section) => section.kind !== 'prompt');
    const ran = new Set(this.#store.runs.map(({ name }) => name));
    const runs = runnables.filter(({ kind, name }) => kind === 'run' && ran.has(name));
    const prompts = sections.flatMap((section) =>
      section.kind === 'prompt' ? promptLenses(document.uri, section) : [],
    );
    const startable = runnables.flatMap((runnable) => {
      if (runnable.kind === 'evaluate')
        return [...lenses(document.uri, runnable), ...this.#comparison(document.uri, runnable)];
      const isCompared = runs.length > 1 && runs.includes(runnable);
      return [
        ...lenses(document.uri, runnable),
        ...(isCompared ? [compareLens(document.uri, runnable)] : []),
      ];
    });
    return [...prompts, ...startable];
  }

  /** The newest evaluation of this document, row by row. */
  #comparison(uri: vscode.Uri, runnable: Runnable): vscode.CodeLens[] {
    const newest = this.#store.runs.find(
      (run) => run.kind === 'evaluate' && run.name === runnable.name && configOf(run) === uri.fsPath,
    );
    if (!newest) return [];
    const tooltip = `Every row of ${newest.id}, candidates side by side`;
    return [lens(uri, runnable, COMPARE, tooltip, 'tunebook.openComparison', [newest.id])];
  }

  dispose(): void {
    this.#unsubscribe();
    this.#changed.dispose();
  }
}

function lenses(uri: vscode.Uri, runnable: Runnable): vscode.CodeLens[] {
  const { kind, name } = runnable;
  if (kind === 'sweep')
    return [lens(uri, runnable, '$(play) Run Sweep', `Train ${name}`, 'tunebook.runConfig')];
  if (kind === 'evaluate')
    return [
      lens(uri, runnable, '$(beaker) Evaluate', `Evaluate ${name}`, 'tunebook.evaluateConfig'),
      lens(
        uri,
        runnable,
        '$(comment-discussion) Playground',
        `Ask the candidates of ${name}`,
        'tunebook.openPlayground',
      ),
    ];
  return [
    lens(uri, runnable, '$(play) Run', `Train ${name}`, 'tunebook.runConfig'),
    lens(uri, runnable, '$(checklist) Plan', `What ${name} would do`, 'tunebook.planConfig'),
  ];
}

function compareLens(uri: vscode.Uri, runnable: Runnable): vscode.CodeLens {
  const tooltip = `${runnable.name} beside the other runs of this file`;
  return lens(uri, runnable, COMPARE, tooltip, 'tunebook.compareConfig');
}

function lens(
  uri: vscode.Uri,
  { kind, name, line }: Section<string>,
  title: string,
  tooltip: string,
  command: string,
  args: readonly unknown[] = [uri, name],
): vscode.CodeLens {
  const range = new vscode.Range(line, 0, line, kind.length);
  return new vscode.CodeLens(range, { title, tooltip, command, arguments: [...args] });
}
