import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { systemCode } from '../../runs/errors.ts';
import { isLfsPointer, lfsPointer } from '../lfs-pointer.ts';

/** A folder as Hugging Face lays it out: a model (`config.json` and weights) or a PEFT adapter. */
export interface ModelFolder {
  readonly folder: string;
  /** The fields of `config.json`; of an adapter they are absent when it was saved without. */
  readonly config: Readonly<Record<string, unknown>> | undefined;
  /** The fields of `adapter_config.json`, when the folder holds an adapter. */
  readonly adapter: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads what a folder says about itself.
 * @throws TunebookError `model/missing`, `model/no-config`, `model/bad-config`
 */
export function readModelFolder(folder: string): ModelFolder {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new TunebookError('model/missing', `There is no model folder ${folder}.`, {
      hint: 'Check the path in `model: base:`; it is relative to the config file.',
      location: { file: folder },
    });
  }
  const config = readFields(join(folder, 'config.json'));
  const adapter = readFields(join(folder, 'adapter_config.json'));
  if (!config && !adapter) {
    throw new TunebookError('model/no-config', `${folder} has no config.json, so it is not a model folder.`, {
      hint: 'A model folder holds config.json, model.safetensors and tokenizer.json, as save_pretrained writes them.',
      location: { file: folder },
    });
  }
  return { folder, config, adapter };
}

/** The labels that a `config.json` names in `id2label`, in the order of their ids; undefined when it names none. */
export function labelsOf(config: Readonly<Record<string, unknown>> | undefined): string[] | undefined {
  const map = config?.['id2label'];
  if (typeof map !== 'object' || map === null) return undefined;
  const entries = Object.entries(map).sort(([a], [b]) => Number(a) - Number(b));
  return entries.every(([, label]) => typeof label === 'string')
    ? entries.map(([, label]) => String(label))
    : undefined;
}

function readFields(file: string): Readonly<Record<string, unknown>> | undefined {
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    const text = readFileSync(file, 'utf8');
    if (isLfsPointer(text)) throw lfsPointer(file);
    value = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof TunebookError) throw cause;
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(
      /(, (\.\.\.)?".*"(\.\.\.)?)? is not valid JSON$/s,
      '',
    );
    const what = systemCode(cause) === 'EISDIR' ? 'is a folder, not a file' : `is not valid JSON: ${reason}`;
    throw new TunebookError('model/bad-config', `${file} ${what}.`, {
      cause,
      hint: 'Copy the file again from where the model came from.',
      location: { file },
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TunebookError('model/bad-config', `${file} does not hold an object of fields.`, {
      location: { file },
    });
  }
  return { ...value };
}
