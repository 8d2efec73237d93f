import type { DataReference } from '../../../language/resolved.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { formatPercent } from '../../../protocol/format.ts';
import { nameOf } from '../../data/columns.ts';
import { IntegerList } from '../../data/integers.ts';
import { LabelReader } from '../../data/labels.ts';
import { makePauses } from '../../data/pause.ts';
import { alignWords, IGNORED, readTags } from '../../data/tokens.ts';
import { collateTokens } from '../../loop/collate-targets.ts';
import type { Reading } from '../answer-with-classifiers.ts';
import type { Candidate } from '../candidate.ts';
import { readPlaces, type TextExamples } from '../examples.ts';
import { takeTexts } from '../limit-rows.ts';
import { textOfWords } from './spans.ts';

/** Rows of tagged words; as texts they are their words with a space between them. */
export interface TagExamples extends TextExamples {
  readonly words: readonly (readonly string[])[];
  /** Of each row, the tag of each word: indices into `names`. */
  readonly tags: readonly Int32Array[];
  /** The tags that occur, sorted. */
  readonly names: readonly string[];
  /** Rows without a word, which are left out. */
  readonly empty: number;
}

/**
 * Reads a split of format `tokens`.
 * @throws TunebookError `evaluate/no-words` where no row has a word, `data/…`, `file/…`; the signal's reason when aborted
 */
export async function readTagExamples(reference: DataReference, signal: AbortSignal): Promise<TagExamples> {
  const { columns } = reference.dataset;
  const reader = new LabelReader(columns['tags'] ?? 'ner_tags', {});
  const words: string[][] = [];
  const tags: Int32Array[] = [];
  let empty = 0;
  const places = await readPlaces(reference, signal, (row) => {
    const found = readTags(row, columns, reader);
    if (found.words.length === 0) {
      empty++;
      return false;
    }
    words.push(found.words);
    tags.push(Int32Array.from(found.read));
    return true;
  });
  if (words.length === 0) throw noWords(reference, empty);
  const { names, order } = reader.finish();
  return {
    ...places,
    texts: words.map(textOfWords),
    pairs: undefined,
    words,
    tags: tags.map((own) => own.map((tag) => order[tag]!)),
    names,
    empty,
  };
}

/** Some of the rows. */
export function takeTags(examples: TagExamples, rows: readonly number[]): TagExamples {
  return {
    ...examples,
    ...takeTexts(examples, rows),
    words: rows.map((row) => examples.words[row]!),
    tags: rows.map((row) => examples.tags[row]!),
  };
}

/** The rows as a tagger reads them, and of each row the words that it gives a tag. */
export interface TagReading extends Reading {
  readonly wordsOf: (row: number) => Int32Array;
}

/**
 * Tokenises words for one tagger as in training: each by itself, its first token stands for it, and what is beyond the model's length is
 * cut off. A word beyond it, or one that the tokenizer makes nothing of, gets no tag.
 * @throws the signal's reason when aborted
 */
export async function readForTagger(
  { words, texts }: TagExamples,
  { name, tokenizer, maxLength }: Candidate,
  signal: AbortSignal,
): Promise<TagReading> {
  const room = maxLength - tokenizer.specialTokensPerText;
  // With no room at all this throws the error that says so.
  if (room < 1) tokenizer.encode('', { max_length: maxLength });
  const [ids, places] = [new IntegerList(), new IntegerList()];
  const offsets = new Int32Array(words.length + 1);
  const read: Int32Array[] = [];
  const pause = makePauses({ signal });
  let [cutRows, cutWords] = [0, 0];
  for (const [row, own] of words.entries()) {
    const aligned = alignWords(tokenizer, own, [...own.keys()], room);
    const kept = aligned.wordLabels.slice(0, room);
    const sequence = tokenizer.addSpecialTokens(aligned.ids.slice(0, room)).input_ids;
    ids.append(sequence);
    places.append(sequence.map((_, i) => kept[i - tokenizer.specialTokensBefore] ?? IGNORED));
    offsets[row + 1] = ids.length;
    read.push(Int32Array.from(kept.filter((word) => word !== IGNORED)));
    const behind = own.length - 1 - (read[row]!.at(-1) ?? -1);
    if (aligned.ids.length > room && behind > 0) {
      cutRows++;
      cutWords += behind;
    }
    await pause(row);
  }
  const sequences = { input_ids: ids.toArray(), offsets };
  const wordAt = places.toArray();
  const cut = `"${name}" reads ${maxLength} tokens: ${cutWords} words at the ends of ${cutRows} of ${texts.length} rows (${formatPercent(cutRows / texts.length)}) were cut off for it, and count as missed.`;
  return {
    sequences,
    batchOf: (rows) => collateTokens(sequences, wordAt, rows).feeds,
    targetsOf: (row) => read[row]!.length,
    wordsOf: (row) => read[row]!,
    unread: read.flatMap((own, row) => (own.length === 0 ? [row] : [])),
    cut: cutWords > 0 ? cut : undefined,
  };
}

function noWords(reference: DataReference, rows: number): TunebookError {
  const what = rows === 1 ? 'The only row' : `None of the ${rows} rows`;
  return new TunebookError(
    'evaluate/no-words',
    `${what} of ${nameOf(reference)} has ${rows === 1 ? 'no' : 'a'} word, so there is nothing to tag.`,
    {
      hint: 'Check the column of words (`columns: { tokens: … }`); a row is a list of words and a list of their tags.',
      location: { file: reference.dataset.file },
    },
  );
}
