import type { CheckDiagnostic } from '../protocol/check.ts';
import type { DataProblem } from '../protocol/inspect.ts';
import { DIAGNOSTICS } from './codes.ts';
import type { Unreadable } from './project.ts';
import type { Problem } from './problem.ts';
import type { TuneFile } from './tree.ts';

/** A problem as it is shown: offsets turned into lines and columns, which count from 1. */
export function toDiagnostic({ file, start, end, severity, code, message, fixes }: Problem): CheckDiagnostic {
  return {
    file: file.path,
    ...rangeOf(file, start, end),
    severity,
    code,
    message,
    fixes: fixes.map(({ title, edits }) => ({
      title,
      edits: edits.map((edit) => ({
        file: edit.file.path,
        ...rangeOf(edit.file, edit.start, edit.end),
        newText: edit.newText,
      })),
    })),
  };
}

/** A problem at a place in a data file. */
export function dataDiagnostic({
  code,
  file,
  line = 1,
  column = 1,
  message,
  hint,
}: DataProblem): CheckDiagnostic {
  const place = { line, column, endLine: line, endColumn: column };
  return { file, ...place, severity: 'error', code, message: withHint(message, hint), fixes: [] };
}

/** A config file that cannot be read at all. */
export function unreadableFile(path: string, { reason, hint }: Unreadable): CheckDiagnostic {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  const { severity } = DIAGNOSTICS['tune/file'];
  const message = withHint(`This config file cannot be read. ${reason}`, hint);
  return { file: path, ...place, severity, code: 'tune/file', message, fixes: [] };
}

/** A sentence and what to do next. */
export function withHint(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

function rangeOf(file: TuneFile, start: number, end: number) {
  const from = file.lines.position(start);
  const to = file.lines.position(end);
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
