import type { CandidateOutput, EvaluationRecord } from '../../../protocol/evaluation.ts';
import type { CandidateSource } from '../../../protocol/evaluation.ts';
import type { Edit, Vote } from './votes.ts';

type Turn = { role: string; content: string };

/** A row of a preference data set, with the columns that TRL's `DPOTrainer` reads: texts, or lists of messages. */
export interface PreferenceRow {
  prompt: string | Turn[];
  chosen: string | Turn[];
  rejected: string | Turn[];
}

/** A row to train on as it stands: TRL's `prompt` and `completion`. */
export interface CompletionRow {
  prompt: string | Turn[];
  completion: string | Turn[];
}

/** The rows that votes make, and how many make none. */
export interface Preferences {
  rows: PreferenceRow[];
  /** Votes without a better side. */
  undecided: number;
  /** Votes on answers that are the same, or are no longer there. */
  unusable: number;
}

/**
 * Pairs of a better and a worse answer, one for each vote that has a winner. Where a better answer was written, it stands above both.
 *
 * @param recordOf the example of a row
 */
export function preferencesOf(
  votes: readonly Vote[],
  edits: readonly Edit[],
  recordOf: (index: number) => EvaluationRecord | undefined,
): Preferences {
  const made: Preferences = { rows: [], undecided: 0, unusable: 0 };
  for (const { index, left, right, winner } of votes) {
    if (winner === 'tie' || winner === 'both-bad') {
      made.undecided++;
      continue;
    }
    const record = recordOf(index);
    const better = record?.outputs[winner === 'left' ? left : right];
    const worse = record?.outputs[winner === 'left' ? right : left];
    if (!record || !better || !worse || better.output === worse.output) made.unusable++;
    else made.rows.push(pairOf(record, better, better.output, worse.output));
  }
  for (const { index, candidate, output } of edits) {
    const record = recordOf(index);
    const answer = record?.outputs[candidate];
    if (record && answer && answer.output !== output)
      made.rows.push(pairOf(record, answer, output, answer.output));
  }
  return made;
}

/** Edited answers as rows for supervised fine-tuning. */
export function completionsOf(
  edits: readonly Edit[],
  recordOf: (index: number) => EvaluationRecord | undefined,
): CompletionRow[] {
  return edits.flatMap(({ index, candidate, output }) => {
    const record = recordOf(index);
    const answer = record?.outputs[candidate];
    if (!record || !answer) return [];
    const prompt = answer.prompt ?? record.input;
    return [{ prompt, completion: asAnswer(prompt, output) }];
  });
}

function pairOf(
  record: EvaluationRecord,
  { prompt }: CandidateOutput,
  chosen: string,
  rejected: string,
): PreferenceRow {
  const asked = prompt ?? record.input;
  return { prompt: asked, chosen: asAnswer(asked, chosen), rejected: asAnswer(asked, rejected) };
}

/** An answer in the form of its prompt. */
export function asAnswer(prompt: string | Turn[], output: string): string | Turn[] {
  return typeof prompt === 'string' ? output : [{ role: 'assistant', content: output }];
}

/** What the config of a DPO run is made of. */
export interface DpoConfig {
  /** Of the evaluation; names of documents begin with it. */
  name: string;
  /** The model to start from; without one there is no run. */
  source: CandidateSource | undefined;
  /** File names beside the config; undefined where there are no such rows. */
  preferences: string | undefined;
  completions: string | undefined;
  /** What the pairs are, as a sentence. */
  about: string;
}

/** A config whose run learns from the votes, and whose data sets a person may go on with. It is theirs to change. */
export function writeDpoConfig({ name, source, preferences, completions, about }: DpoConfig): string {
  const base = source && (source.run === undefined ? source.folder : runReference(source.run));
  const documents: string[] = [];
  if (preferences !== undefined)
    documents.push(`# ${about}
dataset: ${name}-preferences
files: { train: ${JSON.stringify(preferences)} }
format: preference
`);
  if (preferences !== undefined && base !== undefined)
    documents.push(
      `run: ${name}-dpo
model:
  base: ${JSON.stringify(base)}
  task: text-generation
data: { train: ${name}-preferences.train, max_length: 512 }
method:
  lora: { r: 8, lora_alpha: 16 }
  dpo: { beta: 0.1 }
train:
  num_train_epochs: 3
  per_device_train_batch_size: 4
  learning_rate: 1.0e-5
  logging_steps: 1
`,
    );
  if (completions !== undefined)
    documents.push(`# Answers that people wrote in the place of a model's.
dataset: ${name}-edits
files: { train: ${JSON.stringify(completions)} }
format: prompt-completion
`);
  return documents.join('---\n');
}

/** `run:NAME@ID`, from the id of a run, which holds its name. */
function runReference(id: string): string {
  return `run:${id.replace(/^\d{8}T\d{6}Z-|-[0-9a-f]{4}$/g, '')}@${id}`;
}
