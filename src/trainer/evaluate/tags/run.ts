import type { CandidateSource, EvaluationResult } from '../../../protocol/evaluation.ts';
import { indexOfLargest } from '../../loop/evaluate-split.ts';
import { probabilityOf, round } from '../answer-examples.ts';
import { answerWithClassifiers } from '../answer-with-classifiers.ts';
import type { Candidate } from '../candidate.ts';
import {
  conductEvaluation,
  SEED,
  type EvaluateOutcome,
  type EvaluateRequest,
} from '../conduct-evaluation.ts';
import { prepareTags, type PreparedTags } from './prepare.ts';
import { TagSheet, type TagAnswer } from './sheet.ts';
import { summariseTags, UNREAD } from './summarise.ts';
import type { TagEvaluation } from './tag-evaluation.ts';
import { readForTagger } from './tag-examples.ts';

/**
 * As `evaluate` of classifiers, for rows of tagged words.
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function evaluateTags(request: EvaluateRequest<TagEvaluation>): Promise<EvaluateOutcome> {
  const { evaluation, writer } = request;
  return await conductEvaluation(request, {
    prepare: (signal) => prepareTags(evaluation, writer, signal),
    answer: (prepared, signal) =>
      answerWithClassifiers(request, {
        prepared,
        openSheet: (found) => new TagSheet(prepared, found, writer.dir),
        answererOf: async (candidate) => {
          const { wordsOf, ...reading } = await readForTagger(prepared.examples, candidate, signal);
          const tagOf = prepared.ofOutput.get(candidate.name)!;
          return { ...reading, outputs: tagOf.length, answerOf: answerOf(prepared, wordsOf, tagOf) };
        },
      }),
    conclude,
  });
}

/** What the logits of a row say: the likeliest tag of each word that was read, with the probability of them all. */
function answerOf(
  { references }: PreparedTags,
  wordsOf: (row: number) => Int32Array,
  tagOf: Int32Array,
): (logits: Float32Array, row: number, latency: number) => TagAnswer {
  return (logits, row, latency) => {
    const tags = new Int32Array(references[row]!.length).fill(UNREAD);
    let score = 1;
    wordsOf(row).forEach((word, i) => {
      const own = logits.subarray(i * tagOf.length, (i + 1) * tagOf.length);
      const output = indexOfLargest(own);
      tags[word] = tagOf[output]!;
      score *= probabilityOf(own, output);
    });
    return { row, tags, score: round(score), latency };
  };
}

function conclude(prepared: PreparedTags, sheet: TagSheet): EvaluationResult {
  const { evaluation, examples, labels, references, candidates } = prepared;
  const result = summariseTags({
    data: examples.data,
    labels,
    references,
    candidates: sheet.all,
    metrics: evaluation.metrics,
    seed: SEED,
  });
  const sources = candidates.map((candidate): [string, CandidateSource] => {
    const notes = [...(candidate.source.notes ?? []), ...notesOf(candidate, sheet)];
    return [candidate.name, notes.length > 0 ? { ...candidate.source, notes } : candidate.source];
  });
  return { ...result, sources: Object.fromEntries(sources) };
}

/** What a reader of a tagger's numbers must know. */
function notesOf({ name, maxLength }: Candidate, sheet: TagSheet): string[] {
  const notes: string[] = [];
  const { words, rows } = sheet.unread(name);
  if (words > 0)
    notes.push(
      `${words} ${words === 1 ? 'word' : 'words'} in ${rows} ${rows === 1 ? 'row' : 'rows'} ${words === 1 ? 'counts' : 'count'} as missed: beyond the ${maxLength} tokens that it reads, or nothing to its tokenizer.`,
    );
  if (sheet.findsNothing(name))
    notes.push('It gives no word a tag but O, so its precision, recall and F1 are 0 without uncertainty.');
  return notes;
}
