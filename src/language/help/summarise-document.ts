import { ancestry, effective } from '../effective.ts';
import { toValue, valueAt } from '../node.ts';
import { basename } from '../path.ts';
import type { Project } from '../project.ts';
import type { MapNode, Node, TuneDocument } from '../tree.ts';
import { writeValue } from '../write-value.ts';

/** Fields that say most about a document, by kind. */
const TELLING: Record<string, readonly (readonly string[])[]> = {
  dataset: [['format'], ['files'], ['columns']],
  run: [
    ['model', 'base'],
    ['model', 'task'],
    ['data', 'train'],
    ['method'],
    ['train', 'num_train_epochs'],
    ['train', 'max_steps'],
    ['train', 'per_device_train_batch_size'],
    ['train', 'learning_rate'],
  ],
  evaluate: [['data'], ['candidates'], ['metrics']],
  prompt: [['messages'], ['template'], ['examples'], ['generation']],
  sweep: [['run'], ['over'], ['method'], ['samples'], ['metric']],
  objective: [['description'], ['evaluate'], ['candidate'], ['accept']],
  export: [['model'], ['format'], ['quantization'], ['folder']],
};

/** A document in a few lines of Markdown, with what it inherits. */
export function summariseDocument(project: Project, document: TuneDocument): string {
  const { kind = 'document', name = '', file } = document;
  const root = effective(project, document);
  const lines = (TELLING[kind] ?? []).flatMap((path) => {
    const node = valueAt(root, ...path);
    return node ? [`- \`${path.join('.')}: ${shorten(node)}\``] : [];
  });
  const { line } = file.lines.position(document.header?.key.start ?? document.start);
  const parents = ancestry(project, document).ancestors.map((each) => each.name ?? '');
  const extended = parents.length === 0 ? '' : `, extends ${parents.join(', ')}`;
  return [`**${kind} ${name}** (${basename(file.path)}:${line}${extended})`, lines.join('\n')].join('\n\n');
}

/** A value on one line; only the names of a map of maps. */
export function shorten(node: Node): string {
  const text = isNested(node)
    ? `{ ${node.entries.map(({ name }) => name).join(', ')} }`
    : writeValue(toValue(node)).replaceAll('`', "'");
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function isNested(node: Node): node is MapNode {
  return node.type === 'map' && node.entries.some(({ value }) => value.type !== 'scalar');
}
