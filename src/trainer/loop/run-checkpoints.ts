import { join } from 'node:path';
import type { ResolvedRun } from '../../language/resolved.ts';
import { optimizerOf, type Optimizer } from '../../language/schema/optimizers.ts';
import type { RunWriter } from '../../runs/writer.ts';
import {
  keepOnly,
  listCheckpoints,
  readCheckpoint,
  rotateCheckpoints,
  saveCheckpoint,
} from '../checkpoint/checkpoint.ts';
import { removeUnfinished } from '../checkpoint/publish-folder.ts';
import type { TrainerState } from '../checkpoint/trainer-state.ts';
import { writeOutput } from '../checkpoint/write-output.ts';
import { loadChatTemplate } from '../data/chat-template.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import type { History } from './history.ts';
import type { LossScaler } from './loss-scaler.ts';
import type { PreparedRun } from './prepare.ts';

export interface RunCheckpointsOptions {
  readonly run: ResolvedRun;
  readonly prepared: PreparedRun;
  readonly engine: TrainingEngine;
  readonly writer: RunWriter;
  readonly history: History;
  /** Of mixed precision. */
  readonly scaler: LossScaler | undefined;
}

/** What a run keeps of its engine: `checkpoint-<step>/` while it trains, `output/` at its end. */
export class RunCheckpoints {
  readonly #limit: number | null;
  readonly #optimizer: Optimizer;
  readonly #prepared: PreparedRun;
  readonly #engine: TrainingEngine;
  readonly #writer: RunWriter;
  readonly #history: History;
  readonly #scaler: LossScaler | undefined;
  readonly #chatTemplate: string | undefined;
  #savedStep = -1;

  constructor({ run, prepared, engine, writer, history, scaler }: RunCheckpointsOptions) {
    this.#limit = run.train.save_total_limit;
    this.#optimizer = optimizerOf(run.train.optim);
    const { description, labels } = prepared;
    const { adapter } = description;
    this.#prepared = {
      ...prepared,
      description: {
        ...description,
        labels,
        ...(adapter && { adapter: { ...adapter, base: writer.mask(adapter.base) } }),
      },
    };
    this.#engine = engine;
    this.#writer = writer;
    this.#history = history;
    this.#scaler = scaler;
    // Read before the first step: the file may change or go while the run trains.
    this.#chatTemplate = chatTemplateOf(run, prepared.tokenizer);
  }

  /** Writes `checkpoint-<step>/`, unless it is there, and deletes those that the limit leaves no room for. */
  async save(step: number): Promise<void> {
    if (step === this.#savedStep) return;
    const { dir } = this.#writer;
    const { description, trained, tokenizer } = this.#prepared;
    const template = this.#chatTemplate;
    this.#history.noteCheckpoints([...listCheckpoints(dir), step]);
    // The checkpoint must not outlive the numbers that led to it: a resume counts on both.
    this.#writer.sync();
    const path = await saveCheckpoint(dir, step, {
      description,
      parameters: trained,
      values: await this.#engine.readParameters(),
      state: await this.#engine.readState(),
      optimizer: this.#optimizer,
      trainerState: this.#trainerState(step),
      chat: template === undefined ? undefined : { tokenizer, template },
    });
    this.#savedStep = step;
    this.#writer.event({ type: 'checkpoint', step, path });
    rotateCheckpoints(dir, this.#limit, this.#history.bestCheckpoint);
  }

  #trainerState(step: number): TrainerState {
    const state = this.#history.state(step);
    if (!this.#scaler) return state;
    return { ...state, tunebook: { ...state.tunebook, lossScale: this.#scaler.state } };
  }

  /**
   * Puts the engine where the newest checkpoint is; what the run told after it is taken back. Without a checkpoint the run begins anew.
   * @param threads of this process; null on another device
   * @throws TunebookError `checkpoint/unreadable`
   */
  async resume(threads: number | null): Promise<void> {
    const { dir } = this.#writer;
    removeUnfinished(dir);
    const newest = listCheckpoints(dir).at(-1);
    this.#writer.rewind(newest ?? 0);
    if (newest === undefined) return;
    const { state, trainerState } = this.#readCheckpoint(`checkpoint-${newest}`);
    await this.#engine.writeState(state, trainerState.global_step);
    this.#history.restore(trainerState);
    if (trainerState.tunebook.lossScale) this.#scaler?.restore(trainerState.tunebook.lossScale);
    this.#savedStep = newest;
    // Killed between the checkpoint and the word of it.
    if (this.#writer.fold.checkpoint?.step !== newest)
      this.#writer.event({ type: 'checkpoint', step: newest, path: `checkpoint-${newest}` });
    const before = trainerState.tunebook.threads;
    if (before === threads) return;
    const count = (number: number | null) => (number === null ? 'another device' : `${number} threads`);
    this.#writer.event({
      type: 'warning',
      code: 'run/other-threads',
      message: `The checkpoint was made on ${count(before)} and the run goes on with ${count(threads)}: the last digits may differ from those of an undisturbed run.`,
      hint: 'Set target: { local: { threads } } to the former number for the same bits.',
    });
  }

  /**
   * Gives the engine the weights of the best checkpoint.
   * @returns the evaluation of that step; undefined when there is none
   */
  async loadBest(): Promise<Readonly<Record<string, number>> | undefined> {
    this.#history.noteCheckpoints(listCheckpoints(this.#writer.dir));
    const best = this.#history.bestCheckpoint;
    if (best === null) return undefined;
    const { state } = this.#readCheckpoint(best);
    await this.#engine.writeState(state, this.#engine.step);
    return this.#history.bestEvaluation;
  }

  /** Writes `output/`. */
  async writeOutput(): Promise<void> {
    const { dir } = this.#writer;
    const { description, trained, tokenizer } = this.#prepared;
    const values = await this.#engine.readParameters();
    await writeOutput(dir, description, trained, values, tokenizer, this.#chatTemplate);
    // As Trainer has it: of one checkpoint that may be kept, at the end the best one is.
    const best = this.#history.bestCheckpoint;
    if (this.#limit === 1 && best !== null) keepOnly(dir, best);
  }

  #readCheckpoint(name: string): ReturnType<typeof readCheckpoint> {
    return readCheckpoint(join(this.#writer.dir, name), this.#prepared.trained, this.#optimizer);
  }
}

/** The source of the template that a run names; other tasks than text generation have none. */
function chatTemplateOf(run: ResolvedRun, tokenizer: Tokenizer): string | undefined {
  const { chat_template_path } = run.data;
  if (chat_template_path === undefined || run.model.task !== 'text-generation') return undefined;
  return loadChatTemplate(tokenizer.folder, chat_template_path).source;
}
