import * as vscode from 'vscode';
import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import type { RunStore } from '../runs/run-store.ts';
import type { Language } from './language.ts';
import { cellPromptLenses } from './prompt-lenses.ts';
import { PROMPTS_SCHEME, type PromptsView } from './prompts-view.ts';
import { ResolvedView, RESOLVED_SCHEME } from './resolved-view.ts';
import { RunLenses } from './run-lenses.ts';

/** Where all lenses are shown: not in a notebook, where each cell has a button of its own, nor over the resolved view, nor the old side of a comparison. */
const EDITED = [
  { language: 'tune', scheme: 'file' },
  { language: 'tune', scheme: 'untitled' },
];

/** Registers what needs the language server, and starts that when the first config is open. */
export function startLanguage(language: Language, store: RunStore, prompts: PromptsView): vscode.Disposable {
  const onOpen = (document: vscode.TextDocument) => {
    if (document.languageId === 'tune' || isNotebookPath(document.uri.path)) language.start();
  };
  // The client library is large: it must not delay what the person does first.
  const first = setImmediate(() => vscode.workspace.textDocuments.forEach(onOpen));
  const lenses = new RunLenses(store);
  const resolved = new ResolvedView(language);
  return vscode.Disposable.from(
    { dispose: () => clearImmediate(first) },
    lenses,
    resolved,
    vscode.languages.registerCodeLensProvider(EDITED, lenses),
    vscode.languages.registerCodeLensProvider(
      { language: 'tune', scheme: 'vscode-notebook-cell' },
      cellPromptLenses,
    ),
    vscode.workspace.registerTextDocumentContentProvider(RESOLVED_SCHEME, resolved),
    prompts,
    vscode.workspace.registerTextDocumentContentProvider(PROMPTS_SCHEME, prompts),
    vscode.languages.registerCodeLensProvider({ scheme: PROMPTS_SCHEME }, prompts),
    vscode.workspace.onDidOpenTextDocument(onOpen),
    vscode.workspace.onDidGrantWorkspaceTrust(() => language.restart()),
    language,
  );
}
