import { TunebookError } from '../../../protocol/error.ts';
import type { RunWriter } from '../../../runs/writer.ts';
import { list, quote } from '../../data/problem.ts';
import { isEntityTag } from '../../loop/entities.ts';
import type { Candidate } from '../candidate.ts';
import { agreeOnNames } from '../labels.ts';
import { limitRows } from '../limit-rows.ts';
import { describe, inspectCandidates, keepOrCheck, openSettled } from '../prepare-evaluation.ts';
import { OUTSIDE, readerOf } from './spans.ts';
import { readTagExamples, takeTags, type TagExamples } from './tag-examples.ts';
import type { TagEvaluation } from './tag-evaluation.ts';

/** Everything that is known before a model is loaded. */
export interface PreparedTags {
  readonly evaluation: TagEvaluation;
  readonly examples: TagExamples;
  /** The tags. */
  readonly labels: readonly string[];
  /** Of each row, the right tag of each word: indices into `labels`. */
  readonly references: readonly Int32Array[];
  /** `[outputs]` per candidate: the tag that each output of its classifier stands for. */
  readonly ofOutput: ReadonlyMap<string, Int32Array>;
  readonly candidates: readonly Candidate[];
  /** The folder whose `.tunebook/runs` holds the runs. */
  readonly workspace: string;
}

/**
 * Reads the rows, finds every candidate and checks that they fit each other; then writes `candidates.json`, or checks that it says the
 * same.
 * @throws TunebookError whatever does not fit, before anything is computed; the signal's reason when aborted
 */
export async function prepareTags(
  evaluation: TagEvaluation,
  writer: RunWriter,
  signal: AbortSignal,
): Promise<PreparedTags> {
  const { settled, workspace } = openSettled(evaluation, writer);
  const context = { workspace, file: evaluation.file, task: 'token-classification' as const };
  const candidates = await inspectCandidates(evaluation, settled, context);
  const all = await readTagExamples(evaluation.data, signal);
  const heads = new Map(candidates.map(({ name, classifier }) => [name, classifier.head]));
  const firstWith = (name: number) => all.placeOf(all.tags.findIndex((own) => own.includes(name)));
  const { labels, ofName, ofOutput, matchedByPlace } = agreeOnNames(
    { ...all, firstWith },
    evaluation.data.dataset.labels,
    heads,
  );
  const examples = takeTags(all, limitRows(all.texts.length, evaluation.limit));
  const references = examples.tags.map((own) => own.map((name) => ofName[name]!));
  checkEntities(evaluation, labels, references);
  const found = await describe({ examples, labels, candidates, workspace }, evaluation.file, signal);
  const warnings = warningsOf(examples, labels);
  keepOrCheck(settled, found, { candidates, agreed: { labels, matchedByPlace }, warnings }, writer);
  return { evaluation, examples, labels, references, ofOutput, candidates, workspace };
}

/** Without an entity, precision, recall and F1 are 0 whatever is answered, and seem to say something. */
function checkEntities(
  { data: { dataset, split }, metrics, limit, file }: TagEvaluation,
  labels: readonly string[],
  references: readonly Int32Array[],
): void {
  const asked = metrics.filter((metric) => metric !== 'accuracy' && metric !== 'latency');
  if (asked.length === 0) return;
  const measured = list(asked.map((metric) => `\`${metric}\``));
  const fail = (what: string, hint: string) =>
    new TunebookError('evaluate/no-entities', `${what}, so there is nothing for ${measured} to count.`, {
      hint,
      location: { file },
    });
  if (!labels.some(isEntityTag))
    throw fail(
      `The tags of ${dataset.name}.${split} (${list(labels.map(quote))}) are no tags of entities, which begin with B-, I-, E- or S-`,
      'Where they are numbers, name them in `labels:` of the data set. Where each word has a tag of its own, as parts of speech, measure `metrics: [accuracy]`.',
    );
  const read = readerOf(labels);
  if (references.some((own) => read(Array.from(own, (tag) => labels[tag]!)).length > 0)) return;
  const rows = references.length;
  const which =
    limit !== undefined && limit <= rows ? `the ${rows} rows that \`limit\` leaves` : `${rows} rows`;
  throw fail(
    `None of ${which} of ${dataset.name}.${split} has an entity: every word is tagged ${quote(OUTSIDE)}`,
    limit !== undefined && limit <= rows
      ? 'Raise `limit`, or measure `metrics: [accuracy]`.'
      : 'Take rows that have entities, or measure `metrics: [accuracy]`.',
  );
}

function warningsOf({ data, empty, texts }: TagExamples, labels: readonly string[]): Candidate['warnings'] {
  const warnings: { code: string; message: string; hint?: string }[] = [];
  if (empty > 0)
    warnings.push({
      code: 'data/dropped',
      message: `${empty} of the rows of ${data} ${empty === 1 ? 'has' : 'have'} no word and ${empty === 1 ? 'was' : 'were'} left out; ${texts.length} are evaluated.`,
    });
  const strange = labels.filter((label) => label !== OUTSIDE && !isEntityTag(label));
  if (strange.length > 0 && strange.length < labels.length - Number(labels.includes(OUTSIDE)))
    warnings.push({
      code: 'evaluate/strange-tags',
      message: `${list(strange.map(quote))} ${strange.length === 1 ? 'is no tag' : 'are no tags'} of the schemes that seqeval reads (B-, I-, E-, S- and O); entities with ${strange.length === 1 ? 'it' : 'them'} are cut where it cuts them.`,
      hint: 'Write tags of BILOU as BIOES: E- for L-, and S- for U-.',
    });
  return warnings;
}
