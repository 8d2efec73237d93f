import type { Project } from './project.ts';
import { findDocument, resolveEvaluate, resolveRun } from './resolve.ts';
import type { DataReference, ResolvedCandidate, ResolvedPrompt } from './resolved.ts';
import type { TuneDocument } from './tree.ts';
import { isWhole } from './validate/missing.ts';

/** For which rows a prompt is written, and who is asked. */
export interface PromptUse {
  /** The evaluation that asks by it. */
  evaluation?: TuneDocument;
  /** Rows to show it on: those that settings are chosen by, where the data set has such a split, and else those that are evaluated. */
  data?: DataReference;
  /**
   * Candidates that are asked by it, and are models of this machine. In place of a run stands what it starts from: training changes
   * neither tokenizer nor chat template, and so a prompt is the same before the run as behind it.
   */
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

function useIn(project: Project, document: TuneDocument, prompt: ResolvedPrompt): PromptUse | undefined {
  try {
    const { data, candidates } = resolveEvaluate(project, document);
    const asked = Object.entries(candidates).filter(
      ([, candidate]) => candidate.prompt?.name === prompt.name && candidate.prompt.file === prompt.file,
    );
    if (asked.length === 0) return undefined;
    const here = asked.flatMap(([name, candidate]) =>
      'endpoint' in candidate ? [] : [[name, untrained(project, prompt.file, candidate)] as const],
    );
    const held = data.dataset.files['validation'] && { ...data, split: 'validation' };
    return { evaluation: document, data: held || data, candidates: Object.fromEntries(here) };
  } catch {
    // One that is not valid yet says nothing; the check tells what is wrong with it.
    return undefined;
  }
}

/** A candidate with the model that its run starts from, through the runs before it; a run that names a tokenizer of its own is kept. */
function untrained<Candidate extends { run: string } | { model: string }>(
  project: Project,
  file: string,
  candidate: Candidate,
): Candidate | (Omit<Candidate, 'run'> & { model: string }) {
  if (!('run' in candidate)) return candidate;
  const { run, ...rest } = candidate;
  const seen = new Set<string>();
  for (let reference = `run:${run}`; ;) {
    const [, name] = /^run:([^@]+)$/.exec(reference) ?? [];
    if (name === undefined) return reference.startsWith('run:') ? candidate : { ...rest, model: reference };
    if (seen.has(name)) return candidate;
    seen.add(name);
    try {
      const { model } = resolveRun(project, findDocument(project, file, 'run', name));
      if (model.tokenizer !== undefined || model.base === 'scratch') return candidate;
      reference = model.base;
    } catch {
      // A run of another place, or one that is not valid yet: it may have run before.
      return candidate;
    }
  }
}
