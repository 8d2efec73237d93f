/** What the extension asks of the language server besides LSP. */

import type { RunPlan } from './plan.ts';

/** Asks for the documents of a config as the trainer takes them: {@link ResolvedParams} → {@link ResolvedResult}. */
export const RESOLVED_REQUEST = 'tunebook/resolved';

export interface ResolvedParams {
  uri: string;
}

export interface ResolvedResult {
  /** YAML, each field with where it comes from; `undefined` for a document that is not open. */
  text?: string;
}

/** Tells what a plan found out about a run, so that it is shown while the run stays as it is. */
export const PLANNED_NOTIFICATION = 'tunebook/planned';

export interface PlannedParams {
  uri: string;
  /** The name of the run. */
  name: string;
  plan: RunPlan;
}

/** Asks what models are asked by the prompts of a config: {@link PromptsParams} → {@link PromptsResult}. */
export const PROMPTS_REQUEST = 'tunebook/prompts';

export interface PromptsParams {
  uri: string;
  /** The prompt that is shown first; the order of the file where it is absent. */
  name?: string;
  /** The row that they are filled with, from 0. */
  row: number;
}

export interface PromptsResult {
  /** Text for people; `undefined` for a document that is not open. */
  text?: string;
  /** The row that is shown: the last one where the asked one is behind it. */
  row: number;
}

/** Asks for a config that tries the prompts of another: {@link PromptTrialParams} → {@link PromptTrialResult}. */
export const PROMPT_TRIAL_REQUEST = 'tunebook/promptTrial';

export interface PromptTrialParams {
  uri: string;
  /** The prompt. */
  name: string;
  /** The folder that the config shall lie in, absolute. */
  folder: string;
  /** Whose model is meant. */
  candidate?: string;
}

/** The config and the name of its evaluation; the candidates of which one must be chosen; or why there is none. */
export type PromptTrialResult =
  { name: string; text: string } | { candidates: string[] } | { problem: string };
