import { basename, join } from 'node:path';
import type { ClassifierCandidate } from './classifier-evaluation.ts';
import type { CandidateSource } from '../../protocol/evaluation.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { TunebookError } from '../../protocol/error.ts';
import { environmentUnder, fillConfig } from '../../runs/environment.ts';
import { readManifest } from '../../runs/read.ts';
import { checkVocabulary } from '../checkpoint/check-vocabulary.ts';
import { resolveBase } from '../checkpoint/resolve-base.ts';
import { quote } from '../data/problem.ts';
import { loadTokenizer, type Tokenizer } from '../data/tokenizer.ts';
import { isObject } from '../data/tokenizer/json.ts';
import { inspectClassifier, type Classifier, type ClassifierTask } from './classifier.ts';
import { describeEnd, findCandidateRun } from './find-run.ts';

/** A candidate, found on disk and checked; its weights are not read yet. */
export interface Candidate {
  readonly name: string;
  readonly source: CandidateSource;
  readonly classifier: Classifier;
  readonly tokenizer: Tokenizer;
  /** Tokens after which inputs are cut off. */
  readonly maxLength: number;
  /** What a person should know before reading its numbers. */
  readonly warnings: readonly { code: string; message: string; hint?: string }[];
}

/** Where candidates are looked for. */
export interface CandidateContext {
  /** The folder whose `.tunebook/runs` holds the runs. */
  readonly workspace: string;
  /** The config file that names the candidates. */
  readonly file: string;
  /** What classifiers are asked for; labels of texts where it is absent. */
  readonly task?: ClassifierTask;
}

/** Tokens that a model reads at most when no run says how many it was trained on. */
const LONGEST = 512;

/** A model that a candidate stands for: its folder, and what a person should know about which one it is. */
export interface LocatedModel {
  readonly source: CandidateSource;
  /** Tokens that the run trained on; undefined for a folder, or where run.json does not say it. */
  readonly trainedLength: number | undefined;
  readonly warnings: Candidate['warnings'];
}

/**
 * Finds the folder that a candidate of the config stands for.
 * @throws TunebookError those of {@link findCandidateRun} and of the model's reference
 */
export function locateModel(
  name: string,
  candidate: ClassifierCandidate,
  { workspace, file }: CandidateContext,
): LocatedModel {
  const model = 'model' in candidate ? candidate.model : undefined;
  const reference =
    'run' in candidate ? candidate.run : model?.startsWith('run:') ? model.slice(4) : undefined;
  if (reference === undefined)
    return {
      source: { folder: resolveBase(model ?? '', file, workspace) },
      trainedLength: undefined,
      warnings: [],
    };
  const { run, newer } = findCandidateRun(reference, workspace, file);
  const older = newer && {
    code: 'evaluate/older-run',
    message: `"${name}" is the run ${run.id}: the newer ${newer.id} ${describeEnd(newer)}.`,
  };
  return {
    source: { folder: join(run.dir, RUN_FILES.output), run: run.id },
    trainedLength: trainedLength(run.dir),
    warnings: older ? [older] : [],
  };
}

/** Does something for a candidate; what is wrong with its model is told with its name. */
export async function forCandidate<Result>(
  name: string,
  { file }: CandidateContext,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TunebookError)) throw error;
    const { code, message, location, hint } = error;
    throw new TunebookError(code, `Candidate "${name}": ${message}`, {
      cause: error,
      location,
      hint:
        code === 'model/missing'
          ? `Correct the path of the candidate "${name}" in ${file}; it is relative to that file.`
          : hint,
    });
  }
}

/**
 * Finds what a candidate of the config stands for and checks that it can classify.
 * @throws TunebookError those of {@link findCandidateRun}, of the model folder and of its weights; the message names the candidate
 */
export async function inspectCandidate(
  name: string,
  candidate: ClassifierCandidate,
  context: CandidateContext,
): Promise<Candidate> {
  return await forCandidate(name, context, async () => {
    const { source, trainedLength: trained, warnings } = locateModel(name, candidate, context);
    const found = await inspectFolder(name, source, trained, context.task);
    const unknown = source.run !== undefined &&
      trained === undefined && {
        code: 'evaluate/unknown-length',
        message: `The run.json of ${source.run} does not say its max_length, so "${name}" reads up to ${found.maxLength} tokens.`,
      };
    return { ...found, warnings: [...warnings, ...(unknown ? [unknown] : []), ...found.warnings] };
  });
}

async function inspectFolder(
  name: string,
  source: CandidateSource,
  trained: number | undefined,
  task: ClassifierTask | undefined,
): Promise<Candidate> {
  const classifier = inspectClassifier(source.folder, task);
  const tokenizer = await loadTokenizer(classifier.tokenizerFolder);
  checkVocabulary(tokenizer, classifier.config, join(classifier.base, 'config.json'));
  const limit = Math.min(classifier.config.max_position_embeddings, classifier.tokenizerLength ?? Infinity);
  const candidate = { name, classifier, tokenizer, maxLength: Math.min(trained ?? LONGEST, limit) };
  const { head } = classifier;
  if (head.kind !== 'random') return { ...candidate, source, warnings: [] };
  const what = head.modules.length === 1 ? 'its head is' : `its head (${head.modules.join(', ')}) is`;
  return {
    ...candidate,
    source: { ...source, notes: [`${what} random, so its answers are guesses.`] },
    warnings: [
      {
        code: 'evaluate/random-head',
        message: `"${name}" was not trained to ${task === 'token-classification' ? 'tag words' : 'classify'}: ${what} random (seed 42), so its answers are guesses.`,
        hint: 'That is what a comparison with the untuned model shows. For anything else give a run, or the folder of a tuned model.',
      },
    ],
  };
}

/**
 * `max_length` of a run, from its run.json.
 * @throws TunebookError `run/environment-missing`, `run/environment-unfit` where it came from the environment
 */
function trainedLength(dir: string): number | undefined {
  const { manifest } = readManifest(dir);
  const data = isObject(manifest?.config) ? manifest.config['data'] : undefined;
  const max_length = isObject(data) ? data['max_length'] : undefined;
  const filled = fillConfig({ max_length }, environmentUnder(manifest?.environment, '/data'), basename(dir));
  const length = isObject(filled) ? filled['max_length'] : undefined;
  return typeof length === 'number' && Number.isInteger(length) && length > 0 ? length : undefined;
}

/** The warning for a candidate whose outputs were matched by their place. */
export function warnMatchedByPlace(name: string, labels: readonly string[]): Candidate['warnings'][number] {
  const first = labels.slice(0, 3).map((label, index) => `${index} is ${quote(label)}`);
  return {
    code: 'evaluate/labels-by-place',
    message: `The outputs of "${name}" have no names, so they are matched to the labels by their place: ${first.join(', ')}${labels.length > 3 ? ', …' : ''}.`,
    hint: 'Where that is wrong its numbers mean nothing: name its outputs in id2label of its config.json.',
  };
}
