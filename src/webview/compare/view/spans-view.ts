import { html, nothing, type TemplateResult } from 'lit';
import type { TextSpan } from '../../../protocol/evaluation.ts';
import { compareSpans, cutText, type ComparedSpan } from '../spans.ts';

/** The type stays on the line of the last word. */
const NO_BREAK = '\u00a0';

/** What an answer is held against. */
export interface SpanRival {
  /** `the reference`, or the name of a candidate. */
  name: string;
  spans: readonly TextSpan[];
}

/**
 * The entities of an answer as a list, for a cell of the table: right ones, those that should not be there, and those that are missed.
 * @param isCut the text goes on behind what is here, and may have more entities there
 */
export function spanListView(
  text: string,
  own: readonly TextSpan[],
  reference: readonly TextSpan[],
  isCut: boolean,
): TemplateResult {
  const spans = compareSpans(own, reference);
  if (spans.length === 0) return html`<em>no entities</em>${isCut ? ' …' : nothing}`;
  const words = (span: ComparedSpan) => `${text.slice(span.start, span.end)} (${span.type})`;
  return html`${spans.map((span, i) => {
    const comma = i === 0 ? '' : ', ';
    if (span.kind === 'same') return html`${comma}${words(span)}`;
    return span.kind === 'added'
      ? html`${comma}<ins><span class="visually-hidden">wrong: </span>${words(span)}</ins>`
      : html`${comma}<del><span class="visually-hidden">missed: </span>${words(span)}</del>`;
  })}${isCut ? ' …' : nothing}`;
}

/** A text with its entities marked, and what it lacks of those of a rival below: they may lie across its own. */
export function markedTextView(text: string, own: readonly TextSpan[], rival?: SpanRival): TemplateResult {
  const spans = compareSpans(own, rival?.spans);
  const lacks = spans.filter(({ kind }) => kind === 'removed');
  const shown = spans.filter(({ kind }) => kind !== 'removed');
  // Blanks of the template would be seen: the text keeps its own.
  const marked = cutText(text, shown).map((piece) =>
    piece.span ? markView(piece.text, piece.span, rival) : piece.text,
  );
  const missed = lacks.map(
    ({ start, end, type }, i) => html`${i === 0 ? '' : ', '}<del>${text.slice(start, end)} (${type})</del>`,
  );
  return html`<p class="body marked">${marked}</p>
    ${own.length === 0 ? html`<p class="subtitle">No entities.</p>` : nothing}
    ${missed.length === 0 || !rival ? nothing : html`<p class="lacks"><b>Only in ${rival.name}:</b> ${missed}</p>`}`;
}

function markView(words: string, { type, kind }: ComparedSpan, rival: SpanRival | undefined): TemplateResult {
  const inside = html`${words}<span class="span-type">${NO_BREAK}${type}</span>`;
  if (kind !== 'added' || !rival) return html`<mark>${inside}</mark>`;
  return html`<mark class="added"
    ><span class="visually-hidden">not in ${rival.name}: </span><ins>${inside}</ins></mark
  >`;
}
