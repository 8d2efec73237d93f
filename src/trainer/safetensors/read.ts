import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { toFloat32, type Dtype } from './dtype.ts';
import { isLfsPointer, lfsPointer } from '../lfs-pointer.ts';
import { corrupt, MAX_HEADER_BYTES, parseHeader, truncated, type SafetensorsHeader } from './header.ts';

/** A tensor in memory: `data` holds its elements as 32-bit floats in row-major order, `dtype` is that of the file. */
export interface Tensor {
  dtype: Dtype;
  shape: number[];
  data: Float32Array<ArrayBuffer>;
}

/**
 * Reads and checks the header of a safetensors file; no tensor is read.
 * @throws TunebookError `file/missing`, `safetensors/truncated`, `safetensors/corrupt`, `safetensors/dtype`
 */
export function readHeader(file: string): SafetensorsHeader {
  return withFile(file, (descriptor) => readHeaderFrom(descriptor, file));
}

/**
 * The headers of a model: of one file, or of the files of a folder (`model.safetensors`, the shards that
 * `model.safetensors.index.json` names, or `adapter_model.safetensors`).
 * @throws TunebookError as {@link readHeader}, and `model/no-weights` when the folder has none
 */
export function readHeaders(fileOrFolder: string): SafetensorsHeader[] {
  return findFiles(fileOrFolder).map(readHeader);
}

/**
 * Reads tensors as 32-bit floats. F32, F16 and BF16 convert exactly.
 * @param fileOrFolder a safetensors file, or a folder as in {@link readHeaders}
 * @param names which to read; all by default
 * @throws TunebookError as {@link readHeaders}, and `safetensors/missing-tensor` when a name is in none of the files
 */
export function readTensors(fileOrFolder: string, names?: Iterable<string>): Map<string, Tensor> {
  const wanted = names === undefined ? undefined : new Set(names);
  const tensors = new Map<string, Tensor>();
  for (const file of findFiles(fileOrFolder)) {
    withFile(file, (descriptor) => {
      for (const [name, info] of readHeaderFrom(descriptor, file).tensors) {
        if (wanted !== undefined && !wanted.has(name)) continue;
        if (tensors.has(name)) throw corrupt(file, `the tensor "${name}" stands in another shard too`);
        const bytes = readRange(descriptor, file, info.begin, info.end);
        tensors.set(name, { dtype: info.dtype, shape: info.shape, data: toFloat32(bytes, info.dtype) });
      }
    });
  }
  for (const name of wanted ?? []) {
    if (tensors.has(name)) continue;
    throw new TunebookError('safetensors/missing-tensor', `${fileOrFolder} has no tensor "${name}".`, {
      location: { file: fileOrFolder },
      hint: 'The weights are of another architecture than config.json says, or a shard is missing.',
    });
  }
  return tensors;
}

function readHeaderFrom(descriptor: number, file: string): SafetensorsHeader {
  const found = fstatSync(descriptor);
  if (found.isDirectory()) throw isFolder(file);
  const { size } = found;
  if (size < 8) throw truncated(file, size, 8);
  const length = Number(new DataView(readRange(descriptor, file, 0, 8).buffer).getBigUint64(0, true));
  if (isLfsPointer(readRange(descriptor, file, 0, Math.min(size, 64)))) throw lfsPointer(file);
  if (length > MAX_HEADER_BYTES) {
    throw corrupt(
      file,
      `it claims a header of ${length} bytes, more than the ${MAX_HEADER_BYTES} that are allowed`,
    );
  }
  if (8 + length > size) throw truncated(file, size, 8 + length);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readRange(descriptor, file, 8, 8 + length));
  } catch (error) {
    if (error instanceof TunebookError) throw error;
    throw corrupt(file, 'its header is not valid UTF-8');
  }
  return parseHeader(file, text, 8 + length, size);
}

/** Bytes `begin` to `end` in memory of their own, so that typed arrays over them are aligned. */
function readRange(descriptor: number, file: string, begin: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin);
  let done = 0;
  while (done < bytes.length) {
    // One read moves at most 2 GiB on Linux.
    const count = readSync(descriptor, bytes, done, Math.min(bytes.length - done, 2 ** 30), begin + done);
    if (count === 0) throw truncated(file, begin + done, end);
    done += count;
  }
  return bytes;
}

function withFile<T>(file: string, use: (descriptor: number) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw cannotOpen(file, error);
  }
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isFolder(file: string): TunebookError {
  return new TunebookError('file/unreadable', `${file} is a folder, and weights are a file.`, {
    location: { file },
    hint: 'Put the file itself there.',
  });
}

function cannotOpen(file: string, cause: unknown): TunebookError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TunebookError(
    missing ? 'file/missing' : 'file/unreadable',
    missing ? `${file} does not exist.` : `${file} cannot be opened: ${reason}.`,
    { location: { file }, cause, hint: 'Check the path and its permissions.' },
  );
}

function findFiles(fileOrFolder: string): string[] {
  if (!existsSync(fileOrFolder))
    throw cannotOpen(fileOrFolder, Object.assign(new Error(), { code: 'ENOENT' }));
  if (!statSync(fileOrFolder).isDirectory()) return [fileOrFolder];
  for (const name of ['model.safetensors', 'adapter_model.safetensors']) {
    const file = path.join(fileOrFolder, name);
    if (existsSync(file)) return [file];
  }
  const index = path.join(fileOrFolder, 'model.safetensors.index.json');
  if (existsSync(index)) return readIndex(index);
  const pickle = existsSync(path.join(fileOrFolder, 'pytorch_model.bin'));
  throw new TunebookError('model/no-weights', `${fileOrFolder} holds no safetensors weights.`, {
    location: { file: fileOrFolder },
    hint: pickle
      ? 'It has pytorch_model.bin, which can run code when it is read. Save the model as safetensors with transformers.'
      : 'A model folder needs model.safetensors (or model.safetensors.index.json and its shards).',
  });
}

/** The shard files that an index names, in the order of their names. */
function readIndex(index: string): string[] {
  let map: unknown;
  try {
    const value: unknown = JSON.parse(readFileSync(index, 'utf8'));
    map = typeof value === 'object' && value !== null && 'weight_map' in value ? value.weight_map : undefined;
  } catch (error) {
    throw corrupt(index, `it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof map !== 'object' || map === null) throw corrupt(index, 'it has no weight_map');
  const files = new Set<string>();
  for (const shard of Object.values(map)) {
    if (
      typeof shard !== 'string' ||
      path.basename(shard) !== shard ||
      shard === '..' ||
      shard.includes('\\')
    ) {
      throw corrupt(index, `its weight_map names ${JSON.stringify(shard)}, which is no file beside it`);
    }
    files.add(path.join(path.dirname(index), shard));
  }
  const lost = [...files].sort().find((file) => !existsSync(file));
  if (lost !== undefined)
    throw new TunebookError(
      'file/missing',
      `${index} names ${path.basename(lost)}, which is not beside it.`,
      {
        location: { file: lost },
        hint: 'Fetch this part of the weights too: a download may have stopped before it.',
      },
    );
  return [...files].sort();
}
