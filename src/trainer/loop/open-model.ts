import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { inspectModel, type InspectedModel } from '../checkpoint/inspect-model.ts';
import { resolveBase, resolveTokenizer } from '../checkpoint/resolve-base.ts';
import { loadTokenizer, type Tokenizer } from '../data/tokenizer.ts';
import { KNOWN_MODEL_TYPES, parseModelConfig, type ModelConfig } from '../models/config.ts';
import { demandBeforeData } from './demand.ts';
import { layOut } from './layout.ts';
import { checkMemory, hasRoom } from './memory.ts';
import { packsTexts, sampleTexts } from './sample-texts.ts';

/** A run's model as its files and its settings describe it; no weight is read. */
export interface OpenedModel {
  /** Absent for a model from scratch. */
  readonly model: InspectedModel | undefined;
  /** The fields of its `config.json`. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly config: ModelConfig;
  /** Its config where the run has other settings. */
  readonly configOf: (changed: ResolvedRun) => ModelConfig;
}

/**
 * Opens what a run trains.
 * @param tokenizer asked for where a model from scratch must know how many tokens there are
 * @throws TunebookError `model/…`
 */
export async function openModel(run: ResolvedRun, tokenizer: () => Promise<Tokenizer>): Promise<OpenedModel> {
  if (run.model.base !== 'scratch') {
    const model = inspectModel(resolveBase(run.model.base, run.file));
    const { config, fields } = model;
    return { model, fields, config, configOf: () => config };
  }
  const known = await tokenizer();
  const configOf = (changed: ResolvedRun) => parseModelConfig(scratchFields(changed, known), changed.file);
  return { model: undefined, fields: scratchFields(run, known), config: configOf(run), configOf };
}

/**
 * The tokenizer of a run: its own, or that of its base.
 * @throws TunebookError `model/no-tokenizer`, and those of the tokenizer
 */
export async function openTokenizer(run: ResolvedRun, model: InspectedModel | undefined): Promise<Tokenizer> {
  const own = run.model.tokenizer;
  return await loadTokenizer(
    own === undefined ? (model?.tokenizerFolder ?? missingTokenizer(run)) : resolveTokenizer(own),
  );
}

/**
 * Makes sure that a model has room with what is trained of it, before its weights or any data are read.
 * @param device `cpu`, `webgpu`, …: where the run shall compute
 * @throws TunebookError `run/memory` with what would fit, and what of model, task and method does not fit
 */
export async function checkState(
  run: ResolvedRun,
  { model, configOf }: OpenedModel,
  device: string,
): Promise<void> {
  const { task: kind, labels, num_labels: given } = run.model;
  // How many labels the data have is not known yet, and decides next to nothing.
  const task =
    kind === 'fill-mask' || kind === 'text-generation'
      ? { kind }
      : { kind, numLabels: given ?? labels?.length ?? 1 };
  const layout = layOut(run, task, configOf(run), model);
  const known = { layout, configOf, model, device };
  const demand = demandBeforeData(run, known);
  if (hasRoom(demand)) return;
  // Only what is proposed needs to know how the texts stand together.
  const texts = packsTexts(run) ? await sampleTexts(run, await openTokenizer(run, model)) : undefined;
  checkMemory(run, texts ? demandBeforeData(run, known, texts) : demand);
}

/** What config.json says of a model from scratch: sizes from the run, ids of special tokens from the tokenizer. */
function scratchFields(
  { model }: ResolvedRun,
  { vocabSize, specialTokens }: Tokenizer,
): Record<string, unknown> {
  const { bos, eos, pad } = specialTokens;
  const ids = { bos_token_id: bos, eos_token_id: eos, pad_token_id: pad };
  const known = Object.entries(ids).filter(([, id]) => id !== undefined);
  return { vocab_size: vocabSize, ...Object.fromEntries(known), ...model.architecture };
}

function missingTokenizer(run: ResolvedRun): never {
  throw new TunebookError('model/no-tokenizer', 'A model from scratch needs a tokenizer.', {
    hint: `Give model: tokenizer: a folder with tokenizer.json. Known architectures: ${KNOWN_MODEL_TYPES.join(', ')}.`,
    location: { file: run.file },
  });
}
