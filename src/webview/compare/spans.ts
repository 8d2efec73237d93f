import type { TextSpan } from '../../protocol/evaluation.ts';

/** An entity of an answer or of what it is held against: of both, only of the answer, or only of the other. */
export interface ComparedSpan extends TextSpan {
  kind: 'same' | 'added' | 'removed';
}

/**
 * The entities of two answers to one text, in the order of the text. They are the same where type and both ends are.
 * @param own of what is shown
 * @param other of what it is held against; without it there is no difference
 */
export function compareSpans(own: readonly TextSpan[], other: readonly TextSpan[] = own): ComparedSpan[] {
  const key = ({ start, end, type }: TextSpan) => `${start} ${end} ${type}`;
  const [ownKeys, otherKeys] = [own, other].map((spans) => new Set(spans.map(key)));
  const mine = own.map((span): ComparedSpan => {
    return { ...span, kind: otherKeys?.has(key(span)) ? 'same' : 'added' };
  });
  const missed = other
    .filter((span) => !ownKeys?.has(key(span)))
    .map((span): ComparedSpan => ({ ...span, kind: 'removed' }));
  return [...mine, ...missed].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** A stretch of a text: plain, or an entity. */
export interface TextPiece {
  text: string;
  span?: ComparedSpan;
}

/**
 * Cuts a text at its entities.
 * @param spans in the order of the text, none over another; one that goes beyond the text is left out
 */
export function cutText(text: string, spans: readonly ComparedSpan[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const span of spans) {
    if (span.start < at || span.end > text.length) continue;
    if (span.start > at) pieces.push({ text: text.slice(at, span.start) });
    pieces.push({ text: text.slice(span.start, span.end), span });
    at = span.end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}
