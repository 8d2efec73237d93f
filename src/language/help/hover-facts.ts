import { dataParams } from '../data-params.ts';
import { knownFolderOf } from '../model-folder.ts';
import type { Node, TuneDocument } from '../tree.ts';
import { dataMarkdown, modelMarkdown } from './facts-markdown.ts';
import type { HoverRequest } from './types.ts';

/** What the files of a split hold; empty where nobody can be asked. */
export async function splitFacts(
  { project, host, signal }: HoverRequest,
  dataset: TuneDocument,
  split: string,
): Promise<string> {
  const params = dataParams(project, dataset, split);
  if (!params || !host.dataFacts) return '';
  const facts = await host.dataFacts(params, signal);
  const title = `**${dataset.name ?? 'data'}.${split}**`;
  return facts ? `${title} · ${dataMarkdown(facts)}` : `${title} · what it holds is not known yet.`;
}

/** What a model folder holds; empty where the value names none, or nobody can be asked. */
export async function modelFacts({ host, signal }: HoverRequest, reference: Node): Promise<string> {
  const folder = await knownFolderOf(reference, host);
  if (folder === undefined || !host.modelFacts) return '';
  const facts = await host.modelFacts({ folder }, signal);
  return facts ? modelMarkdown(facts) : 'What the folder holds is not known yet.';
}
