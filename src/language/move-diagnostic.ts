import type { CheckDiagnostic } from '../protocol/check.ts';

/** Lines of a file that stand so many lines further down now. */
export interface Move {
  file: string;
  first: number;
  last: number;
  by: number;
}

interface Place {
  line: number;
  endLine: number;
}

/** A diagnostic after lines above it came or went; `undefined` where its words name a line, or it stands on one of which nothing is known. */
export function moveDiagnostic(
  diagnostic: CheckDiagnostic,
  moves: readonly Move[],
): CheckDiagnostic | undefined {
  const texts = [diagnostic.message, ...diagnostic.fixes.map(({ title }) => title)];
  if (texts.some((text) => /\bline \d/.test(text))) return undefined;
  const moved = movePlace(diagnostic, diagnostic.file, moves);
  const fixes = diagnostic.fixes.map((fix) => {
    const edits = fix.edits.map((edit) => movePlace(edit, edit.file, moves));
    return edits.every((edit) => edit !== undefined) ? { ...fix, edits } : undefined;
  });
  return moved && fixes.every((fix) => fix !== undefined) ? { ...moved, fixes } : undefined;
}

/** A place in another file than those that moved, such as one of data, stays. */
function movePlace<At extends Place>(place: At, file: string, moves: readonly Move[]): At | undefined {
  const ofFile = moves.filter((move) => move.file === file);
  if (ofFile.length === 0) return place;
  const move = ofFile.find(({ first, last }) => first <= place.line && place.line <= last);
  return move && { ...place, line: place.line + move.by, endLine: place.endLine + move.by };
}
