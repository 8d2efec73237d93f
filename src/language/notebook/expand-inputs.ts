import type { DocumentInputs } from '../../protocol/notebook.ts';
import { expandPattern, isPattern } from '../glob.ts';
import type { FolderEntry } from '../host.ts';

/** Inputs with the files that fit in place of each pattern, so that a file which is added changes them. */
export async function expandInputs(
  inputs: readonly DocumentInputs[],
  list: (folder: string) => Promise<readonly FolderEntry[]>,
): Promise<DocumentInputs[]> {
  return await Promise.all(
    inputs.map(async (each) => {
      const files = each.files.map(async (file) => (isPattern(file) ? expandPattern(file, list) : [file]));
      return { ...each, files: (await Promise.all(files)).flat() };
    }),
  );
}
