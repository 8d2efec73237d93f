import { isObject } from './json.ts';

/** A part of what the model reads: special tokens, or the place of a text. `type` is its token type id. */
type Piece = { ids: number[]; type: number } | { text: 'first' | 'second'; type: number };

/** How special tokens stand around one text and around a pair. */
export interface Template {
  single: Piece[];
  pair: Piece[];
}

/** What the model reads: token ids and, for each, whether it belongs to the first text (0) or the second (1). */
export interface Sequence {
  input_ids: number[];
  token_type_ids: number[];
}

const BARE: Template = {
  single: [{ text: 'first', type: 0 }],
  pair: [
    { text: 'first', type: 0 },
    { text: 'second', type: 1 },
  ],
};

/**
 * Understands the `post_processor` of tokenizer.json: TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, and a
 * Sequence of them.
 * @throws Error when its type is another one
 */
export function readTemplate(processor: unknown): Template {
  if (!isObject(processor)) return BARE;
  switch (processor.type) {
    case 'ByteLevel':
      return BARE;
    case 'Sequence': {
      const parts = Array.isArray(processor.processors) ? processor.processors.map(readTemplate) : [];
      return parts.find((part) => part !== BARE) ?? BARE;
    }
    case 'TemplateProcessing':
      return {
        single: readPieces(processor.single, processor.special_tokens),
        pair: readPieces(processor.pair, processor.special_tokens),
      };
    case 'BertProcessing':
      return around(idOf(processor.cls), idOf(processor.sep), 1, 1);
    case 'RobertaProcessing':
      return around(idOf(processor.cls), idOf(processor.sep), 2, 0);
    default:
      throw new Error(`the post-processor ${JSON.stringify(processor.type)} is not known`);
  }
}

/** How many special tokens the pieces hold. */
export function countSpecial(pieces: Piece[]): number {
  return pieces.reduce((count, piece) => count + ('ids' in piece ? piece.ids.length : 0), 0);
}

/** Puts the special tokens around one text, or around two. */
export function fill(template: Template, first: number[], second?: number[]): Sequence {
  const input_ids: number[] = [];
  const token_type_ids: number[] = [];
  for (const piece of second === undefined ? template.single : template.pair) {
    const ids = 'ids' in piece ? piece.ids : piece.text === 'first' ? first : (second ?? []);
    for (const id of ids) {
      input_ids.push(id);
      token_type_ids.push(piece.type);
    }
  }
  return { input_ids, token_type_ids };
}

function around(cls: number, sep: number, between: number, secondType: number): Template {
  const start: Piece[] = [
    { ids: [cls], type: 0 },
    { text: 'first', type: 0 },
  ];
  return {
    single: [...start, { ids: [sep], type: 0 }],
    pair: [
      ...start,
      { ids: Array.from({ length: between }, () => sep), type: 0 },
      { text: 'second', type: secondType },
      { ids: [sep], type: secondType },
    ],
  };
}

function idOf(token: unknown): number {
  if (Array.isArray(token) && typeof token[1] === 'number') return token[1];
  throw new Error(`its post-processor has no [token, id] in ${JSON.stringify(token)}`);
}

function readPieces(pieces: unknown, specialTokens: unknown): Piece[] {
  if (!Array.isArray(pieces)) throw new Error('its TemplateProcessing has no list of pieces');
  return pieces.map((piece: unknown) => {
    const { SpecialToken: special, Sequence: sequence } = isObject(piece) ? piece : {};
    if (isObject(sequence)) {
      return { text: sequence.id === 'B' ? 'second' : 'first', type: Number(sequence.type_id ?? 0) };
    }
    const entry =
      isObject(special) && isObject(specialTokens) ? specialTokens[String(special.id)] : undefined;
    if (!isObject(special) || !isObject(entry) || !Array.isArray(entry.ids)) {
      throw new Error(`its TemplateProcessing has the piece ${JSON.stringify(piece)}`);
    }
    return { ids: entry.ids.map(Number), type: Number(special.type_id ?? 0) };
  });
}
