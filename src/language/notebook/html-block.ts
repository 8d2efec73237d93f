/** How the HTML blocks of CommonMark 0.31 (section 4.6) begin and end. */
interface HtmlBlock {
  opens: RegExp;
  /** What the last line holds; absent where a blank line ends the block. */
  closes?: RegExp;
  interruptsParagraph: boolean;
}

const NAMES =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul';

const ATTRIBUTE = String.raw`\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>\x60]+|'[^']*'|"[^"]*"))?`;
const OPEN_TAG = String.raw`<[A-Za-z][A-Za-z0-9-]*(?:${ATTRIBUTE})*\s*/?>`;
const CLOSE_TAG = String.raw`</[A-Za-z][A-Za-z0-9-]*\s*>`;

const HTML_BLOCKS: readonly HtmlBlock[] = [
  {
    opens: /^<(?:script|pre|textarea|style)(?:\s|>|$)/i,
    closes: /<\/(?:script|pre|textarea|style)>/i,
    interruptsParagraph: true,
  },
  { opens: /^<!--/, closes: /-->/, interruptsParagraph: true },
  { opens: /^<\?/, closes: /\?>/, interruptsParagraph: true },
  { opens: /^<![A-Za-z]/, closes: />/, interruptsParagraph: true },
  { opens: /^<!\[CDATA\[/, closes: /\]\]>/, interruptsParagraph: true },
  { opens: new RegExp(`^</?(?:${NAMES})(?:\\s|/?>|$)`, 'i'), interruptsParagraph: true },
  { opens: new RegExp(`^(?:${OPEN_TAG}|${CLOSE_TAG})\\s*$`), interruptsParagraph: false },
];

/** The HTML block that a line begins, in or outside of a paragraph. */
export function htmlBlockAt(line: string, inParagraph: boolean): HtmlBlock | undefined {
  if (!line.startsWith('<')) return undefined;
  return HTML_BLOCKS.find(
    ({ opens, interruptsParagraph }) => opens.test(line) && (interruptsParagraph || !inParagraph),
  );
}

export type { HtmlBlock };
