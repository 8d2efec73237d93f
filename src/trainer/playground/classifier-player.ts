import { setImmediate } from 'node:timers/promises';
import type { PlaygroundAnswer } from '../../protocol/playground.ts';
import { TunebookError } from '../../protocol/error.ts';
import { probabilityOf } from '../evaluate/answer-examples.ts';
import type { Candidate } from '../evaluate/candidate.ts';
import { loadClassifier } from '../evaluate/classifier.ts';
import { collate } from '../loop/collate.ts';
import { chooseDevice } from '../runtime/devices.ts';
import { createPredictor } from '../runtime/predictor.ts';
import type { LoadedModels } from './loaded-models.ts';
import { rankLabels } from './local-player.ts';
import type { Asking, Player, Question } from './player.ts';
import { weightBytes } from './weight-bytes.ts';

export interface ClassifierPlayerOptions {
  readonly candidate: Pick<Candidate, 'classifier' | 'tokenizer' | 'maxLength' | 'source'>;
  readonly about: string;
  /** The label that each output stands for. */
  readonly labels: readonly string[];
  readonly models: LoadedModels;
}

/** A model that says how likely each label is. */
export class ClassifierPlayer implements Player {
  readonly isLocal = true;
  readonly described: Player['described'];
  readonly #options: ClassifierPlayerOptions;

  constructor(options: ClassifierPlayerOptions) {
    this.#options = options;
    this.described = { about: options.about, answers: 'labels', slots: [], settings: {} };
  }

  async ask({ text }: Question, { tell, signal }: Asking): Promise<PlaygroundAnswer> {
    const { candidate, labels, models } = this.#options;
    const { classifier, tokenizer, maxLength, source } = candidate;
    const encoding = tokenizer.encode(text, { max_length: maxLength });
    if (encoding.truncated) tell({ note: `Only the first ${maxLength} tokens were read.` });
    const bytes = weightBytes(classifier, { kind: 'text-classification', numLabels: labels.length });
    const predictor = await models.get(`classifier ${source.folder}`, { size: 1, bytes }, async () => {
      tell({ state: 'loading' });
      const { spec, values } = loadClassifier(classifier, labels.length);
      return { value: await createPredictor(spec, values, await chooseDevice('cpu')), size: 1 };
    });
    tell({ state: 'reading' });
    await setImmediate();
    signal.throwIfAborted();
    const input_ids = Int32Array.from(encoding.input_ids);
    const started = performance.now();
    const logits = await predictor.predict(
      collate({ input_ids, offsets: Int32Array.of(0, input_ids.length) }, [0]),
    );
    const milliseconds = performance.now() - started;
    if (!logits.every(Number.isFinite)) throw notANumber(source.folder);
    const ranked = rankLabels(
      labels,
      labels.map((_, i) => probabilityOf(logits, i)),
    );
    return {
      text: ranked[0]?.label ?? '',
      prompt: text,
      promptTokens: input_ids.length,
      milliseconds,
      labels: ranked,
    };
  }
}

function notANumber(folder: string): TunebookError {
  return new TunebookError(
    'evaluate/not-a-number',
    `The answer is not a number: the weights in ${folder} are damaged or overflow.`,
    { hint: 'Train it again with a lower learning_rate.' },
  );
}
