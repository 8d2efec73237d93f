import type { ConfigFields } from './workspace.ts';

/** A folder that a config and its files are written into. */
interface Folder {
  write(path: string, content: string): string;
  config(fields: ConfigFields): string;
}

/** Writes `rows.jsonl` and `intents.tune.yaml`: a run of the causal model in `causal` over these rows, with the changes of a test. */
export function writeRowsConfig(
  at: Folder,
  rows: readonly object[],
  format: string,
  { data = {}, train = {} }: { readonly data?: object; readonly train?: object } = {},
): void {
  at.write('rows.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  at.config({
    dataset: { files: { train: 'rows.jsonl' }, format, columns: {} },
    model: { base: 'causal', task: 'text-generation', num_labels: undefined },
    data: { max_length: 8, ...data },
    train: { per_device_train_batch_size: 2, ...train },
    target: { threads: 1 },
  });
}
