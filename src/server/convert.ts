import {
  CompletionItemKind,
  DiagnosticSeverity,
  DiagnosticTag,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  type ClientCapabilities,
  type CompletionItem,
  type Diagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver/node';
import type { CheckDiagnostic, FixEdit, Severity } from '../protocol/check.ts';
import type { Completion } from '../language/complete.ts';
import { plainText } from '../language/completion/snippet.ts';
import type { LineIndex } from '../language/lines.ts';

/** The name that the editor shows beside a problem. */
export const SOURCE = 'tunebook';

const SEVERITIES: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** Codes that editors show in a way of their own: struck through, faded. */
const TAGS: Record<string, DiagnosticTag[]> = {
  'tune/deprecated-field': [DiagnosticTag.Deprecated],
  'tune/overridden-field': [DiagnosticTag.Unnecessary],
};

const KINDS: Record<Completion['kind'], CompletionItemKind> = {
  kind: CompletionItemKind.Class,
  field: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  reference: CompletionItemKind.Reference,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  column: CompletionItemKind.Field,
};

/** Lines and columns from 1 as the protocol counts them, from 0. */
export function toRange(place: { line: number; column: number; endLine: number; endColumn: number }): Range {
  const { line, column, endLine, endColumn } = place;
  return {
    start: { line: line - 1, character: column - 1 },
    end: { line: endLine - 1, character: endColumn - 1 },
  };
}

/** Offsets in a file as the protocol counts. */
export function toLines(lines: LineIndex, start: number, end: number): Range {
  const from = lines.position(start);
  const to = lines.position(end);
  return toRange({ ...from, endLine: to.line, endColumn: to.column });
}

export function toDiagnostic(diagnostic: CheckDiagnostic): Diagnostic {
  const { severity, code, message } = diagnostic;
  const tags = TAGS[code];
  const range = toRange(diagnostic);
  return { range, severity: SEVERITIES[severity], code, source: SOURCE, message, ...(tags && { tags }) };
}

export function toTextEdit(edit: FixEdit): TextEdit {
  return { range: toRange(edit), newText: edit.newText };
}

/** What the client said it can show. */
export interface CompletionAbilities {
  snippets: boolean;
  markdown: boolean;
  /** Whether it leaves lines after the first as they are, instead of indenting them like the line of the cursor. */
  asIs: boolean;
}

/** What the client said, in terms of what we need. */
export function completionAbilities(client: ClientCapabilities): CompletionAbilities {
  const item = client.textDocument?.completion?.completionItem;
  return {
    snippets: item?.snippetSupport === true,
    markdown: item?.documentationFormat?.includes(MarkupKind.Markdown) === true,
    asIs: item?.insertTextModeSupport?.valueSet.includes(InsertTextMode.asIs) === true,
  };
}

/** A completion as the protocol carries it. `file` is the text that it was made for. */
export function toCompletionItem(
  completion: Completion,
  file: { text: string; lines: LineIndex },
  { snippets, markdown, asIs }: CompletionAbilities,
): CompletionItem {
  const { label, kind, detail, documentation, start, end, snippet, filterText, sortText } = completion;
  const written = snippet && !snippets ? plainText(completion.newText) : completion.newText;
  const newText = asIs ? written : withoutIndentation(written, indentationAt(file, start));
  return {
    label,
    kind: KINDS[kind],
    ...(detail !== undefined && { detail }),
    documentation: { kind: markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value: documentation },
    filterText,
    sortText,
    textEdit: { range: toLines(file.lines, start, end), newText },
    insertTextFormat: snippet && snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    ...(asIs && { insertTextMode: InsertTextMode.asIs }),
  };
}

function indentationAt({ text, lines }: { text: string; lines: LineIndex }, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lines.start(lines.line(offset)), offset))?.[0] ?? '';
}

/** Takes off what the client puts in front of each line after the first. */
function withoutIndentation(text: string, indentation: string): string {
  return text
    .split('\n')
    .map((line, index) => (index > 0 && line.startsWith(indentation) ? line.slice(indentation.length) : line))
    .join('\n');
}
