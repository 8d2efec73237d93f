import type { Project } from './project.ts';
import { resolveEvaluate } from './resolve.ts';
import type { DataReference, ResolvedCandidate, ResolvedPrompt } from './resolved.ts';
import { isWhole } from './validate/missing.ts';

/** For which rows a prompt is written, and who is asked. */
export interface PromptUse {
  /** Rows to show it on: those that settings are chosen by, where the data set has such a split, and else those that are evaluated. */
  data?: DataReference;
  /** Candidates that are asked by it, and are models of this machine. */
  candidates: Record<string, ({ run: string } | { model: string }) & ResolvedCandidate>;
}

/**
 * How a prompt is used: by the first valid evaluation of its file that asks with it. Where none does, its examples say what rows look
 * like.
 */
export function usesOfPrompt(project: Project, prompt: ResolvedPrompt): PromptUse {
  const evaluations =
    project.files.get(prompt.file)?.documents.filter(({ kind }) => kind === 'evaluate') ?? [];
  for (const document of evaluations) {
    if (!isWhole(project, document)) continue;
    const found = useIn(project, document, prompt);
    if (found) return found;
  }
  return { ...(prompt.examples && { data: prompt.examples.data }), candidates: {} };
}

function useIn(
  project: Project,
  document: Parameters<typeof resolveEvaluate>[1],
  prompt: ResolvedPrompt,
): PromptUse | undefined {
  try {
    const { data, candidates } = resolveEvaluate(project, document);
    const asked = Object.entries(candidates).filter(
      ([, candidate]) => candidate.prompt?.name === prompt.name && candidate.prompt.file === prompt.file,
    );
    if (asked.length === 0) return undefined;
    const here = asked.flatMap(([name, candidate]) =>
      'endpoint' in candidate ? [] : [[name, candidate] as const],
    );
    const held = data.dataset.files['validation'] && { ...data, split: 'validation' };
    return { data: held || data, candidates: Object.fromEntries(here) };
  } catch {
    // One that is not valid yet says nothing; the check tells what is wrong with it.
    return undefined;
  }
}
