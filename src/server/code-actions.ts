import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { fixAll, quickFixes } from '../language/actions.ts';
import type { Refactoring } from '../language/refactor.ts';
import type { CheckDiagnostic, FixEdit } from '../protocol/check.ts';
import { toDiagnostic, toLines, toTextEdit } from './convert.ts';

/** The kind of the action that takes the first fix of everything. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.tunebook`;

/** The actions that a range of a document offers. `uriFor` says how the editor calls a file. */
export function findCodeActions(
  { range, context }: CodeActionParams,
  path: string,
  diagnostics: readonly CheckDiagnostic[],
  uriFor: (path: string) => string,
): CodeAction[] {
  const wanted = (kind: string) => isWanted(context, kind);
  const actions: CodeAction[] = [];
  if (wanted(CodeActionKind.QuickFix)) {
    const start = { line: range.start.line + 1, column: range.start.character + 1 };
    const end = { line: range.end.line + 1, column: range.end.character + 1 };
    for (const fix of quickFixes(diagnostics, path, { start, end })) {
      actions.push({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [sameAs(context.diagnostics, toDiagnostic(fix.diagnostic))],
        isPreferred: fix.preferred,
        edit: toWorkspaceEdit(fix.edits, uriFor),
      });
    }
  }
  const all = wanted(FIX_ALL) ? fixAll(diagnostics, path) : [];
  if (all.length > 0) {
    actions.push({
      title: 'Fix all problems that Tunebook can fix',
      kind: FIX_ALL,
      edit: toWorkspaceEdit(all, uriFor),
    });
  }
  return actions;
}

/** The refactorings of a place as actions. */
export function toRefactorActions(
  { context }: CodeActionParams,
  refactorings: readonly Refactoring[],
  uriFor: (path: string) => string,
): CodeAction[] {
  return refactorings
    .filter(({ kind }) => isWanted(context, kind))
    .map(({ title, kind, edits }) => {
      const changes: Record<string, TextEdit[]> = {};
      for (const { file, start, end, newText } of edits) {
        (changes[uriFor(file.path)] ??= []).push({ range: toLines(file.lines, start, end), newText });
      }
      return { title, kind, edit: { changes } };
    });
}

function isWanted({ only }: CodeActionParams['context'], kind: string): boolean {
  return !only || only.some((each) => each === '' || kind === each || kind.startsWith(`${each}.`));
}

/** The editor's own object for a problem, by which it knows which one an action solves. */
function sameAs(known: readonly Diagnostic[], diagnostic: Diagnostic): Diagnostic {
  const { code, message } = diagnostic;
  const { start } = diagnostic.range;
  return (
    known.find(
      (each) =>
        each.code === code &&
        each.message === message &&
        each.range.start.line === start.line &&
        each.range.start.character === start.character,
    ) ?? diagnostic
  );
}

function toWorkspaceEdit(edits: readonly FixEdit[], uriFor: (path: string) => string): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) (changes[uriFor(edit.file)] ??= []).push(toTextEdit(edit));
  return { changes };
}
