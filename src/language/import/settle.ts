import { parse } from '../parse.ts';
import { overriddenFields } from '../validate/overridden.ts';
import { Fields } from '../validate/fields.ts';
import type { Draft } from './draft.ts';
import { writeDocuments } from './write.ts';

/** Takes out of the run what changes nothing in it, as the language itself finds: another setting decides. And what does not go together here. */
export function settle(draft: Draft): void {
  if (draft.has('method.quantization') && draft.get('train.fp16') === true)
    draft.remove('train.fp16', 'Beside weights in 4 bits the others are multiplied in float32.');
  const file = parse('import.tune.yaml', writeDocuments(draft));
  const project = { files: new Map([[file.path, file]]), unreadable: new Map<string, never>() };
  const run = file.documents.find(({ kind }) => kind === 'run');
  if (!run) return;
  for (const { path, because } of overriddenFields(new Fields(project, run)))
    draft.drop(path.join('.'), `It changes nothing, because ${because}.`);
}
