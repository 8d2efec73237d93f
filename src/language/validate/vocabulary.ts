import type { ModelFacts } from '../../protocol/inspect.ts';
import { resolvePath } from '../path.ts';
import { problemOfTrainer, type Problem } from '../problem.ts';
import { withHint } from '../to-diagnostic.ts';
import type { Node } from '../tree.ts';
import { knownFolder } from './base-folder.ts';
import type { Fields } from './fields.ts';
import type { World } from './world.ts';

/**
 * The tokenizer of a run against the embedding of its model. Only the trainer knows how many tokens there are: the answer is its own.
 * @param base the folder of the base model, where it is one, and its facts
 */
export async function checkVocabulary(
  fields: Fields,
  base: string | undefined,
  facts: ModelFacts | undefined,
  world: World,
): Promise<Problem[]> {
  const own = fields.node('model', 'tokenizer');
  const folder = own
    ? await knownFolder(fields, world, 'model', 'tokenizer')
    : base && tokenizerOf(base, facts);
  const node = own ?? fields.node('model', 'base');
  if (!node || folder === undefined) return [];
  if (fields.string('model', 'base') === 'scratch') {
    const rows = fields.number('model', 'architecture', 'vocab_size');
    return ask(
      node,
      { folder, ...(rows !== undefined && { rows }), place: fields.document.file.path },
      world,
    );
  }
  return base === undefined ? [] : checkRows(node, folder, { base, facts }, world);
}

/** The tokenizer beside a model that an evaluation asks. */
export async function checkOwnVocabulary(
  node: Node,
  base: string,
  facts: ModelFacts | undefined,
  world: World,
): Promise<Problem[]> {
  return checkRows(node, tokenizerOf(base, facts), { base, facts }, world);
}

async function checkRows(
  node: Node,
  folder: string,
  { base, facts }: { base: string; facts: ModelFacts | undefined },
  world: World,
): Promise<Problem[]> {
  if (facts?.vocab_size === undefined) return [];
  const place = resolvePath(facts.base_folder ?? base, 'config.json');
  return ask(node, { folder, rows: facts.vocab_size, place }, world);
}

async function ask(
  node: Node,
  params: { folder: string; rows?: number; place: string },
  world: World,
): Promise<Problem[]> {
  if ((await world.kindOf(params.folder)) !== 'folder') return [];
  const refusal = (await world.vocabularyFacts(params))?.problem;
  return refusal ? [problemOfTrainer(refusal.code, node, withHint(refusal.message, refusal.hint))] : [];
}

function tokenizerOf(base: string, facts: ModelFacts | undefined): string {
  return facts?.tokenizer_folder ?? base;
}
