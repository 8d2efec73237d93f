import { complete, type Completion } from '../complete.ts';
import { loadProject } from '../load.ts';
import { atCursor } from './cursor-mark.ts';
import { MemoryHost, type MemoryWorld } from './memory-host.ts';

/** What is known besides the files. */
export type World = Omit<MemoryWorld, 'files'>;

/** The file that holds the cursor. */
export const PATH = '/work/a.tune.yaml';

/** What is offered at the `|` of a config, beside other files by their absolute paths. */
export async function completeAt(
  marked: string,
  files: Record<string, string> = {},
  world: World = {},
): Promise<Completion[]> {
  const { text, offset } = atCursor(marked);
  const host = new MemoryHost({ files: { [PATH]: text, ...files }, ...world });
  const project = await loadProject([PATH], host);
  return complete({ project, path: PATH, offset, host });
}

/** The labels that are offered at the `|`, in their order. */
export async function labelsAt(...request: Parameters<typeof completeAt>): Promise<string[]> {
  return (await completeAt(...request)).map(({ label }) => label);
}

/** The text after the completion with that label is taken. */
export async function takeAt(label: string, ...request: Parameters<typeof completeAt>): Promise<string> {
  const { text } = atCursor(request[0]);
  const found = (await completeAt(...request)).find((each) => each.label === label);
  if (!found) throw new Error(`${label} is not offered in:\n${request[0]}`);
  return text.slice(0, found.start) + found.newText + text.slice(found.end);
}
