import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataReference } from '../../../language/resolve.ts';
import { TunebookError } from '../../../protocol/error.ts';

/** A folder with a tokenizer of 55 two-letter words (`ba`, `be`, … `tu`): [CLS] is 2, [SEP] 3, `ba` 5. */
export const TINY_TOKENIZER = fileURLToPath(
  new URL('../../../../test/fixtures/parity/bert-classifier', import.meta.url),
);

/** Writes data files into a folder and refers to them as one split. */
export function splitOf(
  folder: string,
  files: Readonly<Record<string, string>>,
  more: Partial<DataReference['dataset']> = {},
): DataReference {
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
  return {
    split: 'train',
    dataset: {
      name: 'rows',
      file: join(folder, 'a.tune.yaml'),
      files: { train: paths },
      format: 'classification',
      columns: {},
      ...more,
    },
  };
}

/** The error that a promise ends with, which must be one for people. */
export async function failureOf(promise: Promise<unknown>): Promise<TunebookError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TunebookError)) throw error;
  return error;
}
