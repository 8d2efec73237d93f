import { isHubReference } from '../../language/hub-reference.ts';
import type {
  DataReference,
  ResolvedCandidate,
  ResolvedEvaluate,
  ResolvedRun,
} from '../../language/resolved.ts';
import { resolveBase } from '../checkpoint/resolve-base.ts';
import { expandFiles } from '../data/expand-files.ts';
import type { Hub } from '../hub/hub.ts';
import { pinData } from '../hub/pin-data.ts';

/**
 * Puts what is meant now in place of names that may mean something else by the time a run is resumed: the folder for `run:NAME`, the
 * commit for `hf:owner/name`, and the files for a pattern.
 * @param workspace the folder whose runs are meant
 * @throws TunebookError `model/run-not-found`, `data/no-match`, `hub/…`
 */
export async function pinRun(run: ResolvedRun, workspace: string, hub: Hub): Promise<ResolvedRun> {
  const { base, tokenizer } = run.model;
  return {
    ...run,
    data: {
      ...run.data,
      train: await pinSplit(run.data.train, hub),
      ...(run.data.eval && { eval: await pinSplit(run.data.eval, hub) }),
    },
    model: {
      ...run.model,
      base: base.startsWith('run:') ? resolveBase(base, run.file, workspace) : await pinModel(base, hub),
      ...(tokenizer !== undefined && {
        tokenizer: isHubReference(tokenizer) ? await hub.pinTokenizer(tokenizer) : tokenizer,
      }),
    },
  };
}

/**
 * The same for the candidates of an evaluation; `run:NAME` is looked up when the evaluation begins.
 * @throws TunebookError `hub/…`
 */
export async function pinEvaluation(evaluation: ResolvedEvaluate, hub: Hub): Promise<ResolvedEvaluate> {
  const candidates: ResolvedEvaluate['candidates'] = {};
  for (const [name, candidate] of Object.entries(evaluation.candidates))
    candidates[name] = await pinCandidate(candidate, hub);
  const { judge } = evaluation;
  const pinned = judge && 'model' in judge ? { ...judge, model: await pinModel(judge.model, hub) } : judge;
  return {
    ...evaluation,
    data: await pinSplit(evaluation.data, hub),
    candidates,
    ...(pinned ? { judge: pinned } : {}),
  };
}

/** The model of a candidate, and the rows that its prompt takes examples from. */
async function pinCandidate(candidate: ResolvedCandidate, hub: Hub): Promise<ResolvedCandidate> {
  const { prompt } = candidate;
  const examples = prompt?.examples && {
    ...prompt.examples,
    data: await pinSplit(prompt.examples.data, hub),
  };
  const pinned = prompt && examples ? { ...candidate, prompt: { ...prompt, examples } } : candidate;
  return 'model' in pinned ? { ...pinned, model: await pinModel(pinned.model, hub) } : pinned;
}

/** A run that is resumed shall not read files that came later. */
async function pinSplit(reference: DataReference, hub: Hub): Promise<DataReference> {
  const { dataset, split } = reference;
  const files: string[] = [];
  for (const file of dataset.files[split] ?? [])
    files.push(
      ...(isHubReference(file)
        ? await pinData(file, { split, config: dataset.config }, hub)
        : await expandFiles([file])),
    );
  return { ...reference, dataset: { ...dataset, files: { ...dataset.files, [split]: files } } };
}

async function pinModel(reference: string, hub: Hub): Promise<string> {
  return isHubReference(reference) ? await hub.pinModel(reference) : reference;
}
