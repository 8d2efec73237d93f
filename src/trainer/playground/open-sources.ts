import { basename, isAbsolute } from 'node:path';
import { checkProject } from '../../language/check.ts';
import { loadProject } from '../../language/load.ts';
import { findDocument, resolveEvaluate } from '../../language/resolve.ts';
import type { ResolvedCandidate, ResolvedEvaluate } from '../../language/resolved.ts';
import { formatLocation, TunebookError } from '../../protocol/error.ts';
import type { PlaygroundCandidate, PlaygroundSource } from '../../protocol/playground.ts';
import { resolveBase } from '../checkpoint/resolve-base.ts';
import { inspectCandidate, locateModel } from '../evaluate/candidate.ts';
import { inspectClassifier } from '../evaluate/classifier.ts';
import { readExamples } from '../evaluate/examples.ts';
import { agreeOnLabels, type AgreedLabels, type Head } from '../evaluate/labels.ts';
import { settleFormats } from '../evaluate/settle-formats.ts';
import { inspectEndpoint } from '../evaluate/written/endpoint-candidate.ts';
import { itemKind, type ItemKind } from '../evaluate/written/items.ts';
import { inspectLocal } from '../evaluate/written/local-candidate.ts';
import { inspectCausalModel } from '../generate/causal-model.ts';
import { settingsFor } from '../generate/settings.ts';
import { DiskHost } from '../host.ts';
import { ClassifierPlayer } from './classifier-player.ts';
import { EndpointPlayer } from './endpoint-player.ts';
import type { LoadedModels } from './loaded-models.ts';
import { LocalPlayer } from './local-player.ts';
import { modelUse } from './model-use.ts';
import type { Player } from './player.ts';

/** A candidate, and what answers for it; nothing where it has a problem. */
export interface Opened {
  readonly candidate: PlaygroundCandidate;
  readonly player?: Player;
}

export interface OpenContext {
  /** The folder whose runs are meant. */
  readonly workspace: string;
  readonly models: LoadedModels;
  readonly signal: AbortSignal;
}

/**
 * Finds what sources stand for. What is wrong with one candidate is said of it, and the others can be asked.
 * @throws the signal's reason when aborted
 */
export async function openSources(
  sources: readonly PlaygroundSource[],
  context: OpenContext,
): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const source of sources) {
    if (source.kind === 'model') {
      const id = `model ${source.model}`;
      opened.push(
        await open(id, source.name, source.model, context, () => playerOfModel(source.model, context)),
      );
    } else opened.push(...(await openEvaluation(source, context)));
  }
  return opened;
}

async function open(
  id: string,
  name: string,
  about: string,
  { signal }: OpenContext,
  find: () => Promise<Player>,
): Promise<Opened> {
  try {
    const player = await find();
    return { candidate: { id, name, ...player.described }, player };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TunebookError)) throw error;
    const problem = [error.message, error.hint].filter(Boolean).join(' ');
    return { candidate: { id, name, about, answers: 'text', slots: [], settings: {}, problem } };
  }
}

async function playerOfModel(reference: string, { workspace, models }: OpenContext): Promise<Player> {
  const folder = resolveBase(reference, workspace, workspace);
  const about = nameOf(reference);
  if (modelUse(folder) === 'causal') {
    const model = await inspectCausalModel(folder);
    const settings = settingsFor([model.folder, model.base], {}, model.tokenizer.specialTokens.eos);
    const run = reference.startsWith('run:') ? reference.split('@')[1] : undefined;
    const source = { folder, ...(run === undefined ? {} : { run }) };
    const candidate = { name: about, model, settings, writer: undefined, source };
    return new LocalPlayer({ candidate, about, models });
  }
  const candidate = await inspectCandidate(about, { model: folder }, { workspace, file: folder });
  const { head } = candidate.classifier;
  if (head.kind === 'random') throw noHead(folder);
  const labels =
    head.kind === 'named' ? head.labels : Array.from({ length: head.count }, (_, i) => `LABEL_${i}`);
  return new ClassifierPlayer({ candidate, about, labels, models });
}

async function openEvaluation(
  { file, name }: PlaygroundSource & { kind: 'evaluate' },
  context: OpenContext,
): Promise<Opened[]> {
  const idOf = (candidate: string) => `evaluate ${file}#${name}/${candidate}`;
  let evaluation: ResolvedEvaluate;
  try {
    evaluation = await readEvaluation(file, name, context);
  } catch (error) {
    return [
      await open(idOf(''), name, basename(file), context, async () => {
        // Said of the one candidate that stands for all.
        await Promise.resolve();
        throw error;
      }),
    ];
  }
  // What a benchmark asks comes with its rows: here each candidate writes an answer to what is typed.
  const kind = evaluation.benchmark === undefined ? itemKind(evaluation.data.dataset.format) : 'text';
  const asked = Object.entries(evaluation.candidates);
  const labels = kind === 'label' ? findLabels(evaluation, context) : undefined;
  // Each candidate that needs them tells what is wrong with them.
  labels?.catch(() => undefined);
  const opened: Opened[] = [];
  for (const [candidate, how] of asked)
    opened.push(
      await open(idOf(candidate), candidate, aboutOf(how), context, () =>
        playerOf(candidate, how, { evaluation, kind, labels }, context),
      ),
    );
  return opened;
}

/** @throws TunebookError with the first mistake of the document, at its place */
async function readEvaluation(
  file: string,
  name: string,
  { workspace, signal }: OpenContext,
): Promise<ResolvedEvaluate> {
  const host = new DiskHost(workspace);
  const project = await loadProject([file], host);
  const document = findDocument(project, file, 'evaluate', name);
  const diagnostics = await checkProject(project, [file], host, { signal, documents: [document] });
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (wrong)
    throw new TunebookError(wrong.code, `${formatLocation(wrong)}: ${wrong.message}`, { location: wrong });
  return await settleFormats(resolveEvaluate(project, document));
}

/** What the candidates of an evaluation have in common. */
interface Shared {
  readonly evaluation: ResolvedEvaluate;
  readonly kind: ItemKind | undefined;
  /** The labels of a labelled split; rejects where they do not fit each other. */
  readonly labels: Promise<AgreedLabels> | undefined;
}

async function playerOf(
  name: string,
  how: ResolvedCandidate,
  { evaluation, kind = 'text', labels }: Shared,
  { workspace, models, signal }: OpenContext,
): Promise<Player> {
  const { file, data } = evaluation;
  if (data.dataset.format === 'tokens') throw tagsWords(evaluation);
  const about = aboutOf(how);
  const column = inputColumn(data.dataset);
  if ('endpoint' in how) {
    const context = { workspace, file, signal, needsPrices: false };
    return new EndpointPlayer(await inspectEndpoint(name, how, context), about, column);
  }
  const agreed = await labels;
  if (isClassifier(how, kind)) {
    const candidate = await inspectCandidate(name, how, { workspace, file });
    const ofOutput = agreed?.ofOutput.get(name) ?? new Int32Array();
    const named = Array.from(ofOutput, (label) => agreed?.labels[label] ?? '');
    return new ClassifierPlayer({ candidate, about, labels: named, models });
  }
  const candidate = await inspectLocal(name, how, { workspace, file, itemKind: kind, signal });
  const { format } = data.dataset;
  return new LocalPlayer({
    candidate,
    about,
    models,
    ...(column === undefined ? {} : { column }),
    ...(agreed ? { labels: agreed.labels } : {}),
    ...(format === 'prompt-completion' ? { chats: false } : {}),
  });
}

function tagsWords({ name, data }: ResolvedEvaluate): TunebookError {
  return new TunebookError(
    'playground/no-answers',
    `The evaluation ${name} is about tagged words (${data.dataset.name}.${data.split}), and the playground shows answers to a text.`,
    { hint: 'Run the evaluation: its panel shows the entities of each row.' },
  );
}

/** As an evaluation agrees on them: those of the data, or of a classifier that names them. */
async function findLabels(
  evaluation: ResolvedEvaluate,
  { workspace, signal }: OpenContext,
): Promise<AgreedLabels> {
  const { file, data, candidates } = evaluation;
  const examples = await readExamples(data, signal);
  const heads = new Map<string, Head>();
  for (const [name, how] of Object.entries(candidates)) {
    if ('endpoint' in how || !isClassifier(how, 'label')) continue;
    const { folder } = locateModel(name, how, { workspace, file }).source;
    heads.set(name, inspectClassifier(folder).head);
  }
  return agreeOnLabels(examples, data.dataset.labels, heads);
}

function isClassifier(how: ResolvedCandidate, kind: ItemKind): boolean {
  return kind === 'label' && !how.prompt && !how.generation;
}

/** The column that an evaluation shows as the input of a row. */
function inputColumn({ format, columns }: ResolvedEvaluate['data']['dataset']): string | undefined {
  const role = format === 'prompt-completion' ? 'prompt' : 'text';
  return columns[role] ?? role;
}

/** A candidate in a few words: `base · prompt few-shot`. */
function aboutOf(how: ResolvedCandidate): string {
  const model =
    'endpoint' in how
      ? `${how.endpoint.model} at ${how.endpoint.base_url}`
      : 'run' in how
        ? `run ${how.run}`
        : nameOf(how.model);
  return how.prompt ? `${model} · prompt ${how.prompt.name}` : model;
}

/** A reference as it is, or the end of a folder's path. */
function nameOf(model: string): string {
  return isAbsolute(model) ? basename(model) : model;
}

function noHead(folder: string): TunebookError {
  return new TunebookError(
    'playground/no-answers',
    `The model in ${folder} neither writes nor was it trained to classify.`,
    {
      hint: 'Take a model that generates text, or one that was trained to classify.',
    },
  );
}
