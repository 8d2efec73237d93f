import { toValue, valueAt } from './node.ts';
import { dirname, isAbsolutePath, relativePath } from './path.ts';
import type { Project } from './project.ts';
import { usesOfPrompt } from './prompt-use.ts';
import { effectiveRoot } from './resolve-support.ts';
import { resolveEvaluate, resolvePrompt } from './resolve.ts';
import type { ResolvedCandidate, ResolvedEvaluate } from './resolved.ts';
import type { TuneDocument } from './tree.ts';

/** Rows that prompts are tried on. */
export const TRIAL_ROWS = 50;

/** A config that tries prompts. */
export interface PromptTrial {
  /** Of its only document, an `evaluate:`. */
  name: string;
  text: string;
}

/** Why there is none, as a sentence, or which of the models that are asked by the prompt may be meant. */
export type NoTrial = { problem: string } | { candidates: string[] };

/**
 * An evaluation of every prompt of a file on a few rows, each with the model that is asked by one of them: what an evaluation of the
 * file says of data, metrics and assertions, and the rows that settings are chosen by where the data set has such a split. A judge is
 * not asked.
 * @param document the prompt that is tried
 * @param folder where the config shall lie, absolute
 * @param candidate which candidate's model is meant, where several are asked by the prompt
 */
export function promptTrial(
  project: Project,
  document: TuneDocument,
  { folder, candidate }: { folder: string; candidate?: string },
): PromptTrial | NoTrial {
  const { file } = document;
  const prompt = resolvePrompt(project, document);
  const { evaluation: asking, data } = usesOfPrompt(project, prompt);
  if (!asking || !data)
    return {
      problem: `No evaluation of this file asks by "${prompt.name}", so nothing says which model is meant, and which rows: give a candidate of one \`prompt: ${prompt.name}\`.`,
    };
  const evaluation = resolveEvaluate(project, asking);
  const models = modelsOf(evaluation, prompt.name, file.path);
  const chosen = candidate === undefined && models.length > 1 ? undefined : (candidate ?? models[0]);
  if (chosen === undefined) return { candidates: models };
  const root = effectiveRoot(project, asking, 'evaluate');
  const source = sourceOf(evaluation.candidates[chosen]!, folder);
  // As it is written: what the environment holds belongs into no file.
  const endpoint = valueAt(root, 'candidates', chosen, 'endpoint');
  if (endpoint) source['endpoint'] = toValue(endpoint);
  const there = (path: string) => relativePath(folder, path);
  const prompts = file.documents.flatMap(({ kind, name }) => (kind === 'prompt' && name ? [name] : []));
  const candidates = prompts.map((name): [string, unknown] => [
    name,
    { ...source, prompt: `${there(file.path)}#${name}` },
  ]);
  const metrics = evaluation.metrics.filter((metric) => metric !== 'win_rate');
  const name = `try-${prompt.name}`;
  const lines = [
    `# Made when the prompts of ${there(file.path)} were tried; it is made anew each time.`,
    `evaluate: ${name}`,
    field('data', `${there(data.dataset.file)}#${data.dataset.name}.${data.split}`),
    field('limit', TRIAL_ROWS),
    field('candidates', Object.fromEntries(candidates)),
    ...(metrics.length > 0 ? [field('metrics', metrics)] : []),
    ...(evaluation.assertions ? [field('assertions', evaluation.assertions)] : []),
  ];
  return { name, text: `${lines.join('\n')}\n` };
}

/** JSON is YAML. */
function field(name: string, value: unknown): string {
  return `${name}: ${JSON.stringify(value)}`;
}

/** One candidate for each model that is asked by the prompt. */
function modelsOf({ candidates }: ResolvedEvaluate, prompt: string, file: string): string[] {
  const found = new Map<string, string>();
  for (const [name, candidate] of Object.entries(candidates)) {
    if (candidate.prompt?.name !== prompt || candidate.prompt.file !== file) continue;
    const key = JSON.stringify(sourceOf(candidate, dirname(file)));
    if (!found.has(key)) found.set(key, name);
  }
  return [...found.values()];
}

/** What a candidate is, as a config in a folder says it. */
function sourceOf(candidate: ResolvedCandidate, folder: string): Record<string, unknown> {
  if ('run' in candidate) return { run: candidate.run };
  if ('endpoint' in candidate) return { endpoint: candidate.endpoint };
  const { model } = candidate;
  return { model: isAbsolutePath(model) ? relativePath(folder, model) : model };
}
