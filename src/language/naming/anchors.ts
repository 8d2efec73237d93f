import { CST, Lexer } from 'yaml';
import type { TuneDocument } from '../tree.ts';

/** A place where the name of a YAML anchor is written, without its `&` or `*`: offsets in the file. */
export interface AnchorPlace {
  start: number;
  end: number;
  isDefinition: boolean;
}

/** An anchor with the aliases that stand for it; the definition first. They hold within one document of a file. */
export interface Anchor {
  name: string;
  definition: AnchorPlace;
  places: readonly AnchorPlace[];
}

/** All anchors of a document, in the order of the text. An alias stands for the last anchor of its name above it. */
export function anchorsIn({ source, start }: TuneDocument): Anchor[] {
  if (!source.includes('&')) return [];
  const anchors: { name: string; definition: AnchorPlace; places: AnchorPlace[] }[] = [];
  for (const { type, text, offset } of tokensOf(source)) {
    if (type !== 'anchor' && type !== 'alias') continue;
    const name = text.slice(1);
    const place = { start: start + offset + 1, end: start + offset + text.length };
    if (type === 'anchor') {
      const definition = { ...place, isDefinition: true };
      anchors.push({ name, definition, places: [definition] });
    } else {
      const meant = anchors.findLast((each) => each.name === name);
      meant?.places.push({ ...place, isDefinition: false });
    }
  }
  return anchors;
}

/** The anchor whose `&name` or `*name` stands at an offset; `undefined` where there is none, or the alias stands for nothing. */
export function anchorAt(document: TuneDocument, offset: number): Anchor | undefined {
  return anchorsIn(document).find(({ places }) =>
    places.some(({ start, end }) => start - 1 <= offset && offset <= end),
  );
}

/** The tokens of a text as the YAML reader sees them, also where they make no sense together. */
function* tokensOf(
  source: string,
): Generator<{ type: CST.Token['type'] | null; text: string; offset: number }> {
  let offset = 0;
  let inScalar = false;
  for (const text of new Lexer().lex(source)) {
    const type = inScalar ? 'scalar' : CST.tokenType(text);
    // These marks are of the reader's own, and not in the text.
    const isMark = !inScalar && (text === CST.DOCUMENT || text === CST.FLOW_END || text === CST.SCALAR);
    inScalar = !inScalar && text === CST.SCALAR;
    if (isMark) continue;
    yield { type, text, offset };
    offset += text.length;
  }
}
