import type { Tool } from './detect.ts';
import type { Setting } from './settings.ts';

/** What a config is for that trains nothing. */
export interface OtherPurpose {
  /** What says so. */
  setting: Setting;
  /** A verb and what it acts on: `merges an adapter into its base`. */
  does: string;
  /** What does the same in Tunebook. */
  instead: string;
}

const EXPORT = 'Write an `export:` document for it.';
const EVALUATE = 'Write an `evaluate:` document for it.';
const GENERATE = 'Ask a model with `tunebook generate MODEL --prompt TEXT`, or in the playground.';

/** Settings that a config for something else than training has, by what it is for. The first that is there counts. */
const OTHER: readonly (readonly [name: string, does: string, instead: string])[] = [
  ['export_dir', 'names where a merged model is written', EXPORT],
  ['tasks', 'names tasks to evaluate on', EVALUATE],
  ['do_predict', 'asks for predictions', EVALUATE],
  ['do_eval', 'asks for an evaluation', EVALUATE],
  ['quantizer', 'says how a model is quantised', EXPORT],
  ['prompt', 'is what a model goes on from', GENERATE],
  ['infer_backend', 'says how a model is asked', GENERATE],
];

/** What a training cannot do without, in each tool. */
const TRAINING: Readonly<Partial<Record<Tool, readonly string[]>>> = {
  torchtune: ['optimizer', 'policy_optimizer'],
  'llama-factory': ['dataset', 'do_train', 'train_dataset'],
};

/** What a config of a tool is for where that is no training. */
export function otherPurposeOf(tool: Tool, settings: Setting): OtherPurpose | undefined {
  const needed = TRAINING[tool];
  const trains = needed === undefined || needed.some((name) => settings.section(name) !== undefined);
  if (trains && settings.peek('do_train') !== false) return undefined;
  for (const [name, does, instead] of OTHER) {
    const setting = settings.section(name);
    if (setting) return { setting, does, instead };
  }
  return undefined;
}

/** Files that lie beside configs, by a setting that only they have. */
const RELATED: Readonly<Record<string, string>> = {
  compute_environment:
    'This file is of Accelerate: it says how many processes train, and nothing of the training.',
  distributed_type:
    'This file is of Accelerate: it says how many processes train, and nothing of the training.',
  zero_optimization: 'This file is of DeepSpeed: it says how memory is shared, and nothing of the training.',
};

/** What a file is that belongs to one of the tools and is no config of a training. */
export function relatedFile(settings: Setting): string | undefined {
  return settings.children.flatMap(({ path }) =>
    Object.hasOwn(RELATED, path) ? (RELATED[path] ?? []) : [],
  )[0];
}
