import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassifierCandidate, ClassifierEvaluation } from './classifier-evaluation.ts';
import type { CandidateSource } from '../../protocol/evaluation.ts';
import type { EvaluationCandidates, MeasuredCandidate } from '../../protocol/evaluation-candidates.ts';
import { TunebookError } from '../../protocol/error.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { modelFingerprint } from '../launch/model-fingerprint.ts';
import type { DataReference } from '../../language/resolved.ts';
import { problemTypeOf } from '../../language/schema/formats.ts';
import { inspectCandidate, warnMatchedByPlace, type Candidate, type CandidateContext } from './candidate.ts';
import { readExamples, type TextExamples } from './examples.ts';
import { agreeOnLabels, takeLabels, type AgreedLabels } from './labels.ts';
import { limitRows, takeTexts } from './limit-rows.ts';

/** Everything that is known before a model is loaded. */
export interface PreparedEvaluation {
  readonly examples: TextExamples;
  readonly agreed: AgreedLabels;
  readonly candidates: readonly Candidate[];
  /** The folder whose `.tunebook/runs` holds the runs. */
  readonly workspace: string;
}

/**
 * Reads the examples, finds every candidate and checks that they fit each other; then writes `candidates.json` and says what a person
 * should know. In a directory that has a `candidates.json` the same models are taken again, and are checked to be the same.
 * @throws TunebookError whatever does not fit, before anything is computed; the signal's reason when aborted
 */
export async function prepareEvaluation(
  evaluation: ClassifierEvaluation,
  writer: RunWriter,
  signal: AbortSignal,
): Promise<PreparedEvaluation> {
  const { settled, workspace } = openSettled(evaluation, writer);
  const context = { workspace, file: evaluation.file };
  const candidates = await inspectCandidates(evaluation, settled, context);
  const all = await readExamples(evaluation.data, signal);
  const heads = new Map(candidates.map(({ name, classifier }) => [name, classifier.head]));
  const rows = limitRows(all.texts.length, evaluation.limit);
  const examples = takeTexts(all, rows);
  const agreed = takeLabels(agreeOnLabels(all, evaluation.data.dataset.labels, heads), rows);

  const found = await describe(
    { examples, labels: agreed.labels, candidates, workspace },
    evaluation.file,
    signal,
  );
  keepOrCheck(settled, found, { candidates, agreed }, writer);
  return { examples, agreed, candidates, workspace };
}

/**
 * Finds every candidate, or the ones that an earlier life of the evaluation measured.
 * @throws TunebookError `evaluate/other-problem` for one whose `problem_type` is another one than the rows are for, and those of
 *   {@link inspectCandidate}
 */
export async function inspectCandidates(
  evaluation: Pick<ClassifierEvaluation, 'candidates' | 'data'>,
  settled: EvaluationCandidates | undefined,
  context: CandidateContext,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const [name, asked] of Object.entries(evaluation.candidates)) {
    const same = settled?.candidates[name];
    const candidate = await inspectCandidate(name, same ? pin(asked, same) : asked, context);
    checkProblem(candidate, evaluation.data, context.file);
    candidates.push(candidate);
  }
  return candidates;
}

/** A model may leave `problem_type` out; then its outputs are taken for what the rows have. */
function checkProblem({ name, classifier }: Candidate, { dataset }: DataReference, file: string): void {
  const wanted = problemTypeOf(dataset.format);
  const own = classifier.fields['problem_type'];
  const isFresh = classifier.head.kind === 'random';
  if (wanted === undefined || typeof own !== 'string' || own === wanted || isFresh) return;
  throw new TunebookError(
    'evaluate/other-problem',
    `"${name}" is a model with problem_type ${own}, but the rows of ${dataset.name} are of format "${dataset.format}", which is for ${wanted}.`,
    {
      hint: 'Leave the candidate out, or evaluate it on rows of the kind that it was trained on.',
      location: { file },
    },
  );
}

/** The very model that an earlier life of this evaluation measured. */
export function pin(asked: ClassifierCandidate, { folder, run }: MeasuredCandidate): ClassifierCandidate {
  if (run === undefined) return { model: folder };
  const reference = 'run' in asked ? asked.run : asked.model.replace(/^run:/, '');
  return { run: `${reference.split('@')[0]}@${run}` };
}

/** Where a candidate comes from, the folders that it consists of, and how much it reads. */
export interface Whereabouts {
  readonly source: CandidateSource;
  readonly folders: readonly string[];
  readonly maxLength: number;
}

/** What `candidates.json` says of a candidate, or of a judge. */
export async function describeCandidate(
  { source, folders, maxLength }: Whereabouts,
  { from, workspace, signal }: { from: string; workspace: string; signal: AbortSignal },
): Promise<MeasuredCandidate> {
  const files: MeasuredCandidate['files'] = [];
  for (const base of new Set(folders))
    files.push(...(await modelFingerprint({ base, from }, workspace, signal)).files);
  return { ...source, maxLength, files };
}

/** What `candidates.json` says of an evaluation. */
export async function describe(
  {
    examples,
    labels,
    candidates,
    workspace,
  }: {
    examples: TextExamples;
    labels: readonly string[];
    candidates: readonly Candidate[];
    workspace: string;
  },
  from: string,
  signal: AbortSignal,
): Promise<EvaluationCandidates> {
  const described: EvaluationCandidates['candidates'] = {};
  for (const { name, source, classifier, maxLength } of candidates) {
    const folders = [source.folder, classifier.base, classifier.tokenizerFolder];
    described[name] = await describeCandidate({ source, folders, maxLength }, { from, workspace, signal });
  }
  const { data, texts } = examples;
  return { data, examples: texts.length, labels: [...labels], candidates: described };
}

/**
 * Checks that an evaluation that goes on finds what it began with; of a new one it writes that down, with what a person should know.
 * @throws TunebookError `evaluate/changed`
 */
export function keepOrCheck(
  settled: EvaluationCandidates | undefined,
  found: EvaluationCandidates,
  {
    candidates,
    agreed: { labels, matchedByPlace },
    warnings = [],
  }: {
    candidates: readonly Candidate[];
    agreed: Pick<AgreedLabels, 'labels' | 'matchedByPlace'>;
    /** What else a person should know. */
    warnings?: Candidate['warnings'];
  },
  writer: RunWriter,
): void {
  if (settled) {
    checkSame(settled, found, writer.dir);
    return;
  }
  const byPlace = matchedByPlace.map((name) => warnMatchedByPlace(name, labels));
  for (const warning of [...candidates.flatMap((each) => each.warnings), ...byPlace, ...warnings])
    writer.event({ type: 'warning', ...warning });
  writer.writeFileAtomic(RUN_FILES.candidates, `${JSON.stringify(writer.mask(found), undefined, 2)}\n`);
}

/**
 * What an earlier life of this evaluation settled, and the folder whose `.tunebook/runs` it lies in.
 * @throws TunebookError `evaluate/changed` when that is damaged, or its candidates have other names now
 */
export function openSettled(
  evaluation: { readonly candidates: object },
  writer: RunWriter,
): { settled: EvaluationCandidates | undefined; workspace: string } {
  const { dir } = writer;
  const settled = readSettled(writer);
  if (settled) checkNames(evaluation, settled, dir);
  return { settled, workspace: join(dir, '..', '..', '..') };
}

function readSettled({ dir, unmask }: RunWriter): EvaluationCandidates | undefined {
  const file = join(dir, RUN_FILES.candidates);
  if (!existsSync(file)) return undefined;
  try {
    // SAFETY: written whole by settle(); what it lacks is found by the comparison with what there is now.
    return unmask(JSON.parse(readFileSync(file, 'utf8')) as EvaluationCandidates);
  } catch {
    throw changed(dir, `${RUN_FILES.candidates} is damaged`);
  }
}

function checkNames(
  { candidates }: { candidates: object },
  settled: EvaluationCandidates,
  dir: string,
): void {
  const [now, then] = [Object.keys(candidates), Object.keys(settled.candidates)];
  if (now.join() !== then.join())
    throw changed(dir, `its candidates were ${then.join(', ')}, and are now ${now.join(', ')}`);
}

export function checkSame(settled: EvaluationCandidates, found: EvaluationCandidates, dir: string): void {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  if (settled.data !== found.data || settled.examples !== found.examples)
    throw changed(
      dir,
      `its data was ${settled.data} with ${settled.examples} examples, and is now ${found.data} with ${found.examples}`,
    );
  if (!same(settled.labels, found.labels)) throw changed(dir, 'its labels are others now');
  if (!same(settled.judge, found.judge)) throw changed(dir, 'its judge is another one now');
  for (const [name, { files, maxLength }] of Object.entries(settled.candidates)) {
    const now = found.candidates[name];
    if (!same(files, now?.files) || maxLength !== now?.maxLength)
      throw changed(dir, `the files of its candidate "${name}" are others now`);
  }
}

/** The error of an evaluation that cannot go on where it stopped. */
export function changed(dir: string, what: string): TunebookError {
  return new TunebookError(
    'evaluate/changed',
    `This evaluation began with other inputs, so it cannot go on: ${what}.`,
    {
      hint: 'Start a new evaluation: leave --id out, and it gets a directory of its own.',
      location: { file: dir },
    },
  );
}
