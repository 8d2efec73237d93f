import type { ModelFacts } from '../../protocol/inspect.ts';
import { setFix } from '../edit.ts';
import { rootMap, stringsOf } from '../node.ts';
import { basename } from '../path.ts';
import { problem, type Problem } from '../problem.ts';
import { checkArchitecture, positionsOf } from './architecture.ts';
import type { Fields } from './fields.ts';
import { unknownModule } from './fit.ts';

/** Settings of a run that its model cannot follow. `facts` are those of a base model that is a folder, where known. */
export function checkModelFit(fields: Fields, facts: ModelFacts | undefined): Problem[] {
  return [...checkLength(fields, facts), ...checkModules(fields, facts), ...checkArchitecture(fields)];
}

/** How many tokens the model of a run can read; `undefined` where that is not known. `facts` are those of its base. */
export function knownPositions(fields: Fields, facts: ModelFacts | undefined): number | undefined {
  if (fields.string('model', 'base') === 'scratch') return positionsOf(fields);
  // Zero stands for a size that its config does not say.
  return facts?.max_position_embeddings || undefined;
}

/** `max_length` against the number of positions that the model has. */
function checkLength(fields: Fields, facts: ModelFacts | undefined): Problem[] {
  const isScratch = fields.string('model', 'base') === 'scratch';
  const positions = knownPositions(fields, facts);
  const length = fields.number('data', 'max_length');
  const node = fields.node('data', 'max_length') ?? fields.node('data', 'train');
  if (!node || length === undefined || positions === undefined || length <= positions) return [];
  const base = fields.string('model', 'base') ?? '';
  const model = isScratch ? 'the architecture' : `\`${basename(base) || base}\``;
  const message = `\`max_length\` is ${length}, but ${model} can read only ${positions} tokens. Take at most ${positions}.`;
  const fix = setFix(
    `Set max_length: ${positions}`,
    rootMap(node.document),
    ['data', 'max_length'],
    String(positions),
  );
  return [problem('tune/max-length', node, message, [fix])];
}

/** Names in `target_modules` that the model lacks. A name may be the end of a module's path. */
function checkModules(fields: Fields, facts: ModelFacts | undefined): Problem[] {
  const node = fields.node('method', 'lora', 'target_modules');
  if (!facts || facts.modules.length === 0 || node?.type !== 'seq') return [];
  return stringsOf(node).flatMap(({ node: item, value }) => {
    const last = value.split('.').at(-1) ?? value;
    if (facts.modules.includes(last) || facts.modules.includes(value)) return [];
    return [unknownModule(item, value, facts.modules)];
  });
}
