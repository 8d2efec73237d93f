import { ROOT } from './places.ts';

/** The workspace that the tests open, and the names in it that they use. */
export const EXAMPLE = {
  folder: `${ROOT}examples/editor-commands`,
  config: 'intents.tune.yaml',
  /** The quickest run, and the other one that the evaluation needs. */
  run: 'intents-lora',
  otherRun: 'intents-full',
  evaluation: 'is-it-worth-it',
} as const;
