import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import type { EvaluationMetric } from '../../../language/schema/metrics.ts';
import type { CandidateSource } from '../../../protocol/evaluation.ts';
import type { EvaluationCandidates, MeasuredCandidate } from '../../../protocol/evaluation-candidates.ts';
import { RUN_FILES } from '../../../protocol/run.ts';
import { TunebookError } from '../../../protocol/error.ts';
import type { RunWriter } from '../../../runs/writer.ts';
import { inspectCandidate, warnMatchedByPlace, type Candidate } from '../candidate.ts';
import { readExamples, type TextExamples } from '../examples.ts';
import { agreeOnLabels, takeLabels, type AgreedLabels } from '../labels.ts';
import { limitRows, takeTexts } from '../limit-rows.ts';
import { checkSame, describeCandidate, openSettled, pin, type Whereabouts } from '../prepare-evaluation.ts';
import { askAll, type AskedRows } from './ask-all.ts';
import { makeAssertions, type Assertion } from './assertions.ts';
import { prepareJudge, type PreparedJudge } from '../llm-judge/prepare-judge.ts';
import { inspectEndpoint, type EndpointCandidate } from './endpoint-candidate.ts';
import { readItems, type Item, type ItemKind, type Items } from './items.ts';
import { inspectLocal, type LocalCandidate } from './local-candidate.ts';
import { fingerprint } from '../../launch/fingerprint.ts';
import { askedBy, AS_IT_STANDS, metricsOf } from '../benchmark/apply.ts';
import { makeExactMatch } from '../benchmark/exact-match.ts';
import { readBenchmark, type Benchmark } from '../benchmark/read-benchmark.ts';
import { readBenchmarkRows } from '../benchmark/read-rows.ts';
import { checkRepeats, varies } from './repeats.ts';
import { isChoiceMetric, isLossMetric, isTextMetric, type ExactMatch } from './measure.ts';

/** A candidate that classifies, beside others that write. */
export interface ClassifyingCandidate {
  readonly kind: 'classifier';
  readonly name: string;
  readonly candidate: Candidate;
}

export type WrittenCandidate = LocalCandidate | ClassifyingCandidate | EndpointCandidate;

/** Rows that ask for labels. */
interface Labelled {
  readonly examples: TextExamples;
  readonly agreed: AgreedLabels;
}

/** Everything that is known before a model is loaded. */
export interface PreparedWritten {
  readonly items: Items;
  readonly candidates: readonly WrittenCandidate[];
  readonly assertions: ReadonlyMap<string, Assertion>;
  /** What is measured: what the config says, or else the benchmark. */
  readonly metrics: ResolvedEvaluate['metrics'];
  /** What counts as the expected answer, where a benchmark says it. */
  readonly exactMatch?: ExactMatch;
  /** Where the rows ask for labels. */
  readonly labelled?: Labelled;
  readonly workspace: string;
  /** How often candidates that vary answer each row. */
  readonly repeats: number;
  /** The model that judges the answers, where one does. */
  readonly judge?: PreparedJudge;
  /** What each model of this machine is asked, by its name. */
  readonly asked: ReadonlyMap<string, AskedRows>;
}

/**
 * Reads the rows, finds every candidate and checks that they fit each other and the metrics; then writes `candidates.json`, or checks
 * that it says the same.
 * @throws TunebookError whatever does not fit, before anything is computed; the signal's reason when aborted
 */
export async function prepareWritten(
  evaluation: ResolvedEvaluate,
  writer: RunWriter,
  signal: AbortSignal,
): Promise<PreparedWritten> {
  const { settled, workspace } = openSettled(evaluation, writer);
  const assertions = makeAssertions(evaluation.assertions, evaluation.file);
  const benchmark = evaluation.benchmark === undefined ? undefined : readBenchmark(evaluation.benchmark);
  const read = benchmark
    ? await readBenchmarkRows(benchmark, evaluation.data, signal)
    : await readItems(evaluation.data, signal);
  const metrics = benchmark ? metricsOf(benchmark, evaluation.metrics) : evaluation.metrics;
  checkMetrics({ ...evaluation, metrics }, read.kind);
  const candidates: WrittenCandidate[] = [];
  for (const name of Object.keys(evaluation.candidates)) {
    const same = settled?.candidates[name];
    const context = { workspace, file: evaluation.file, itemKind: read.kind, signal, benchmark };
    candidates.push(await inspect(name, evaluation, same, context));
  }
  const judge = await prepareJudge(evaluation, settled?.judge, { workspace, signal });
  const rows = limitRows(read.list.length, evaluation.limit);
  const labelled = read.kind === 'label' ? await agree(evaluation, candidates, rows, signal) : undefined;
  const taken = rows.map((row) => read.list[row]!);
  const list = labelled ? taken.map((item, row) => named(item, row, labelled)) : taken;
  const items = { ...read, list };
  const { repeats = 1 } = evaluation;
  if (repeats > 1) checkRepeats(read.kind, metrics, evaluation.file);
  const prepared = {
    items,
    repeats,
    candidates,
    assertions,
    workspace,
    metrics,
    ...(benchmark ? { exactMatch: makeExactMatch(benchmark) } : {}),
    ...(labelled ? { labelled } : {}),
    ...(judge ? { judge } : {}),
  };
  const found = await describe(prepared, evaluation, signal);
  if (settled) checkSame(settled, found, writer.dir);
  const asked = await askAll(
    {
      candidates: candidates.filter((each) => each.kind === 'local'),
      items,
      labels: labelled?.agreed.labels,
      metrics,
      asserts: assertions.size > 0,
    },
    signal,
  );
  if (!settled) settle(found, prepared, writer);
  return { ...prepared, asked };
}

async function inspect(
  name: string,
  evaluation: ResolvedEvaluate,
  same: MeasuredCandidate | undefined,
  context: {
    workspace: string;
    file: string;
    itemKind: ItemKind;
    signal: AbortSignal;
    benchmark: Benchmark | undefined;
  },
): Promise<WrittenCandidate> {
  const asked = askedBy(context.benchmark, evaluation.candidates[name]!);
  if (context.benchmark && asked.prompt)
    throw unsupported(evaluation, `asks "${name}" by a \`prompt\`, and its benchmark says what is asked`);
  if (asked.prompt && context.itemKind === 'whole')
    throw unsupported(evaluation, `asks "${name}" by a \`prompt\` about whole texts, which have no answer`);
  if ('endpoint' in asked) {
    if (context.itemKind === 'choice')
      throw unsupported(
        evaluation,
        `lets an endpoint ("${name}") choose, which does not tell how likely each choice is`,
      );
    const loss = evaluation.metrics.find(isLossMetric);
    if (loss)
      throw unsupported(evaluation, `measures \`${loss}\`, which an endpoint ("${name}") does not tell`);
    return await inspectEndpoint(name, asked, {
      ...context,
      ...(context.benchmark ? { writer: AS_IT_STANDS } : {}),
      needsPrices: evaluation.metrics.includes('cost'),
    });
  }
  const { prompt, generation, ...plain } = asked;
  const pinned = same ? pin(plain, same) : plain;
  if (context.itemKind === 'label' && !prompt && !generation)
    return { kind: 'classifier', name, candidate: await inspectCandidate(name, pinned, context) };
  return await inspectLocal(
    name,
    { ...pinned, ...(prompt && { prompt }), ...(generation && { generation }) },
    context,
  );
}

async function agree(
  { data }: ResolvedEvaluate,
  candidates: readonly WrittenCandidate[],
  rows: readonly number[],
  signal: AbortSignal,
): Promise<Labelled> {
  const examples = await readExamples(data, signal);
  const heads = candidates.flatMap((each) =>
    each.kind === 'classifier' ? [[each.name, each.candidate.classifier.head] as const] : [],
  );
  const agreed = agreeOnLabels(examples, data.dataset.labels, new Map(heads));
  return { examples: takeTexts(examples, rows), agreed: takeLabels(agreed, rows) };
}

/** A row whose label has its name, also where the data holds its place. */
function named(item: Item, row: number, { agreed }: { agreed: AgreedLabels }): Item {
  return { ...item, reference: agreed.labels[agreed.references[row]!]! };
}

/** Metrics that every kind of rows has. */
const ALWAYS: readonly EvaluationMetric[] = ['latency'];
const OF_WRITING: readonly EvaluationMetric[] = ['tokens_per_second', 'cost', 'length'];

function checkMetrics(evaluation: ResolvedEvaluate, kind: ItemKind): void {
  for (const metric of evaluation.metrics) {
    if (ALWAYS.includes(metric)) continue;
    const fits = {
      label: ['accuracy', 'macro_f1', 'micro_f1', 'cost'].includes(metric),
      choice: isChoiceMetric(metric) || metric === 'cost',
      text:
        metric === 'win_rate' || isTextMetric(metric) || isLossMetric(metric) || OF_WRITING.includes(metric),
      whole: isLossMetric(metric),
    }[kind];
    if (!fits) throw misfit(evaluation, `\`${metric}\``, kind);
  }
  if (evaluation.judge && kind !== 'text') throw misfit(evaluation, 'answers by a `judge`', kind);
  if (evaluation.assertions && (kind === 'whole' || kind === 'choice'))
    throw misfit(evaluation, '`assertions`', kind);
}

const HELD: Record<ItemKind, string> = {
  choice: 'choices of their own, one of which is chosen',
  label: 'labels, and every answer is one of them',
  text: 'texts that are written in answer, and no labels',
  whole: 'whole texts without anything to answer',
};
const FITTING: Record<ItemKind, string> = {
  choice: 'acc, acc_norm, acc_bytes, latency, cost',
  label: 'accuracy, macro_f1, micro_f1, latency, cost',
  text: 'win_rate, exact_match, token_f1, rouge1, rouge2, rougeL, bleu, chrf, perplexity, bits_per_byte, length, latency, tokens_per_second, cost',
  whole: 'perplexity, bits_per_byte, latency',
};

function misfit({ name, file, data }: ResolvedEvaluate, metric: string, kind: ItemKind): TunebookError {
  return new TunebookError(
    'evaluate/metric-misfit',
    `The evaluation "${name}" measures ${metric}, but the rows of ${data.dataset.name} hold ${HELD[kind]}.`,
    {
      hint: `On ${kind === 'choice' ? 'them' : `rows of format ${data.dataset.format}`} these can be measured: ${FITTING[kind]}.`,
      location: { file },
    },
  );
}

function unsupported({ name, file }: ResolvedEvaluate, what: string): TunebookError {
  return new TunebookError('evaluate/unsupported', `The evaluation "${name}" ${what}.`, {
    hint: 'Leave the candidate out, or change what it is asked.',
    location: { file },
  });
}

async function describe(
  { items, candidates, labelled, workspace, judge }: Omit<PreparedWritten, 'asked'>,
  { file: from, benchmark }: ResolvedEvaluate,
  signal: AbortSignal,
): Promise<EvaluationCandidates> {
  const described: EvaluationCandidates['candidates'] = {};
  const context = { from, workspace, signal };
  for (const each of candidates) {
    const measured = await describeCandidate(whereabouts(each), context);
    if (benchmark !== undefined) measured.files.push(await fingerprint(benchmark, workspace, signal));
    described[each.name] = measured;
  }
  const labels = [...(labelled?.agreed.labels ?? [])];
  return {
    data: items.data,
    examples: items.list.length,
    labels,
    candidates: described,
    ...(judge ? { judge: await describeCandidate(whereabouts(judge.candidate), context) } : {}),
  };
}

function whereabouts(each: WrittenCandidate): Whereabouts {
  if (each.kind === 'endpoint') return { source: each.source, folders: [], maxLength: 0 };
  if (each.kind === 'local') {
    const { source, model } = each;
    return {
      source,
      folders: [source.folder, model.base, model.tokenizerFolder],
      maxLength: model.contextLength,
    };
  }
  const { source, classifier, maxLength } = each.candidate;
  return { source, folders: [source.folder, classifier.base, classifier.tokenizerFolder], maxLength };
}

/** Where a candidate's answers come from. */
export function sourceOf(each: WrittenCandidate): CandidateSource {
  return whereabouts(each).source;
}

function settle(
  found: EvaluationCandidates,
  prepared: Omit<PreparedWritten, 'asked'>,
  writer: RunWriter,
): void {
  const { candidates, labelled, judge, repeats, items } = prepared;
  const same = repeats > 1 ? candidates.filter((each) => !varies(each, items.kind)) : [];
  const warnings = [
    ...(same.length > 0 ? [warnSame(same.map(({ name }) => name))] : []),
    ...candidates.flatMap((each) => (each.kind === 'classifier' ? each.candidate.warnings : each.warnings)),
    ...(judge?.candidate.warnings ?? []),
  ];
  const { matchedByPlace = [], labels = [] } = labelled?.agreed ?? {};
  for (const warning of [...warnings, ...matchedByPlace.map((name) => warnMatchedByPlace(name, labels))])
    writer.event({ type: 'warning', ...warning });
  writer.writeFileAtomic(RUN_FILES.candidates, `${JSON.stringify(writer.mask(found), undefined, 2)}\n`);
}

/** Candidates that would give the same answers in every repeat are asked once. */
function warnSame(names: readonly string[]): { code: string; message: string } {
  const [who, answers] = names.length === 1 ? ['It', 'answers'] : ['They', 'answer'];
  return {
    code: 'evaluate/repeats-same',
    message: `${names.join(', ')}: ${who} ${answers} the same each time, so \`repeats\` changes nothing there. Draw with \`generation: { do_sample: true }\` to see a spread.`,
  };
}
