import type { CheckDiagnostic, CheckFix, FixEdit } from '../protocol/check.ts';
import type { Position } from './lines.ts';

/** A fix that the editor can offer, with the problem that it solves. */
export interface QuickFix {
  title: string;
  diagnostic: CheckDiagnostic;
  edits: FixEdit[];
  /** The most likely way out of the problem. */
  preferred: boolean;
}

/** The fixes of the problems in a file that touch a range (both ends inclusive, lines and columns from 1). */
export function quickFixes(
  diagnostics: readonly CheckDiagnostic[],
  file: string,
  range: { start: Position; end: Position },
): QuickFix[] {
  return diagnostics
    .filter((diagnostic) => diagnostic.file === file && touches(diagnostic, range))
    .flatMap((diagnostic) =>
      diagnostic.fixes.map(({ title, edits }, index) => ({
        title,
        diagnostic,
        edits,
        preferred: index === 0,
      })),
    );
}

/**
 * The first fix of every problem in a file that has one, as one change; editors may run it on every save. A fix whose
 * edits overlap those of an earlier one is left for the next time. One that only takes text away, or that reaches into
 * other files, is left to the person.
 */
export function fixAll(diagnostics: readonly CheckDiagnostic[], file: string): FixEdit[] {
  const chosen: FixEdit[] = [];
  for (const diagnostic of diagnostics) {
    const fix: CheckFix | undefined = diagnostic.file === file ? diagnostic.fixes[0] : undefined;
    if (!fix || fix.edits.some((edit) => edit.file !== file)) continue;
    if (fix.edits.every(({ newText }) => newText === '')) continue;
    if (fix.edits.some((edit) => chosen.some((other) => overlap(edit, other)))) continue;
    chosen.push(...fix.edits);
  }
  return chosen.sort((a, b) => compare(startOf(a), startOf(b)));
}

function touches(diagnostic: CheckDiagnostic, { start, end }: { start: Position; end: Position }): boolean {
  return compare(startOf(diagnostic), end) <= 0 && compare(start, endOf(diagnostic)) <= 0;
}

/** Two insertions at one place overlap as well: their order would be open. */
function overlap(a: FixEdit, b: FixEdit): boolean {
  const samePlace = compare(startOf(a), startOf(b)) === 0;
  return samePlace || (compare(startOf(a), endOf(b)) < 0 && compare(startOf(b), endOf(a)) < 0);
}

function startOf({ line, column }: Position): Position {
  return { line, column };
}

function endOf({ endLine, endColumn }: { endLine: number; endColumn: number }): Position {
  return { line: endLine, column: endColumn };
}

function compare(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}
