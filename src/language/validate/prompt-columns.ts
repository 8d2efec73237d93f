import { nearest } from '../nearest.ts';
import { stringsOf, valueAt } from '../node.ts';
import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import type { ScalarNode, TuneDocument } from '../tree.ts';
import { DatasetView } from './dataset-view.ts';
import { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { splitReference } from './splits.ts';
import type { World } from './world.ts';

/** A `{{ column }}` of a prompt. */
interface ColumnSlot {
  node: ScalarNode;
  name: string;
  /** Offsets in the file. */
  start: number;
  end: number;
}

/** Slots of the prompts that an evaluation asks, which name columns that its rows do not have. */
export async function checkPromptColumns(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  const { document } = fields;
  const reference = document.kind === 'evaluate' ? splitReference(project, document, 'data') : undefined;
  const candidates = fields.node('candidates');
  if (!reference?.dataset || reference.split === undefined || candidates?.type !== 'map') return [];
  const view = new DatasetView(project, reference.dataset);
  const facts = await view.facts(world, reference.split);
  if (!facts || facts.columns.length === 0) return [];
  // A row is known by the names of its file and by those of the format.
  const columns = [...new Set([...facts.columns, ...Object.keys(view.columns ?? {})])];
  const found: Problem[] = [];
  for (const prompt of promptsOf(
    project,
    fields,
    candidates.entries.map(({ name }) => name),
  )) {
    for (const slot of columnSlots(new Fields(project, prompt))) {
      if (columns.includes(slot.name)) continue;
      const near = nearest(slot.name, columns);
      const hint =
        near === undefined ? `It has ${listNames(facts.columns)}.` : `Did you mean \`{{ ${near} }}\`?`;
      const message = `\`${reference.text}\` has no column \`${slot.name}\`. ${hint}`;
      const { file } = slot.node.document;
      const place = { file, start: slot.start, end: slot.end };
      const fix =
        near === undefined ? undefined : { title: `Change to ${near}`, edits: [{ ...place, newText: near }] };
      found.push(problem('tune/missing-column', place, message, [fix]));
    }
  }
  return found;
}

function promptsOf(project: Project, fields: Fields, names: readonly string[]): Set<TuneDocument> {
  const prompts = names.flatMap((name) => {
    const node = fields.node('candidates', name, 'prompt');
    const reference = fields.string('candidates', name, 'prompt');
    if (!node || reference === undefined) return [];
    return lookup(project, node.document.file, 'prompt', reference).found ?? [];
  });
  return new Set(prompts);
}

/** The columns that the texts of a prompt name. What a text sets or loops over by itself is none. */
export function columnSlots(prompt: Fields): ColumnSlot[] {
  const messages = prompt.node('messages');
  const contents = messages?.type === 'seq' ? messages.items.map((each) => valueAt(each, 'content')) : [];
  return [...contents, prompt.node('template')].flatMap((node) =>
    stringsOf(node).flatMap(({ node: text, value }) => slotsOf(text, value)),
  );
}

function slotsOf(node: ScalarNode, value: string): ColumnSlot[] {
  const own = new Set(
    [...value.matchAll(/\{%-?\s*(?:for|set|macro)\s+([\w\s,]+?)\s*(?:in\b|=|\(|-?%\})/g)].flatMap((match) =>
      (match[1] ?? '').split(/[\s,]+/),
    ),
  );
  const { text } = node.document.file;
  const slots: ColumnSlot[] = [];
  const written = /\{\{-?\s*([A-Za-z_]\w*)\s*(?=\||-?\}\})/g;
  written.lastIndex = node.start;
  for (let match; (match = written.exec(text)) && match.index < node.end;) {
    const [whole, name = ''] = match;
    if (own.has(name)) continue;
    const start = match.index + whole.indexOf(name);
    slots.push({ node, name, start, end: start + name.length });
  }
  return slots;
}
