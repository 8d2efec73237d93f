import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { DTYPE_BYTES, float32ToBfloat16, float32ToFloat16 } from './dtype.ts';

/** A tensor to write: `data` in row-major order. Int32Array is written as I32 whatever `dtype` says. */
export interface TensorToWrite {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}

/** How floats may be stored. F16 and BF16 round to nearest, ties to even. */
export type FloatDtype = 'F32' | 'BF16' | 'F16';

export interface WriteOptions {
  /** Strings that travel with the weights. transformers wants `{ format: 'pt' }`, the default. */
  metadata?: Record<string, string>;
  /** How floats are stored. Default F32. */
  dtype?: FloatDtype;
}

/**
 * Writes a safetensors file, byte for byte as Hugging Face's own library lays the same tensors out. The file
 * appears whole or not at all: a temporary file beside it is flushed to the disk and renamed.
 * @throws TunebookError `run/disk-full` or `file/unwritable`; then neither the file nor the temporary one is touched or left
 */
export function writeSafetensors(
  file: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  { metadata = { format: 'pt' }, dtype = 'F32' }: WriteOptions = {},
): void {
  const entries = order([...tensors], dtype);
  const header = encodeHeader(entries, metadata, dtype);
  const temporary = `${file}.${process.pid}.tmp`;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(temporary, 'w');
    writeAll(descriptor, header);
    for (const [, { data }] of entries) writeTensor(descriptor, data, dtype);
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw cannotWrite(file, error);
  }
}

type Entry = [name: string, tensor: TensorToWrite];

function dtypeOf({ data }: TensorToWrite, dtype: FloatDtype): FloatDtype | 'I32' {
  return data instanceof Int32Array ? 'I32' : dtype;
}

/** The library's order: types from the last in its list (…, F16, BF16, I32, U32, F32, …) to the first, then names. */
function order(entries: Entry[], dtype: FloatDtype): Entry[] {
  const rank = { F16: 0, BF16: 1, I32: 2, F32: 3 };
  return entries.sort(
    ([nameA, a], [nameB, b]) =>
      rank[dtypeOf(b, dtype)] - rank[dtypeOf(a, dtype)] || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0),
  );
}

function encodeHeader(entries: Entry[], metadata: Record<string, string>, dtype: FloatDtype): Uint8Array {
  const parts = Object.keys(metadata).length > 0 ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  let offset = 0;
  for (const [name, tensor] of entries) {
    const type = dtypeOf(tensor, dtype);
    const elements = tensor.shape.reduce((product, size) => product * size, 1);
    if (elements !== tensor.data.length) {
      throw new Error(
        `tensor "${name}" has ${tensor.data.length} elements for the shape [${tensor.shape.join(', ')}]`,
      );
    }
    const end = offset + elements * DTYPE_BYTES[type];
    const info = { dtype: type, shape: tensor.shape, data_offsets: [offset, end] };
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
    offset = end;
  }
  const json = new TextEncoder().encode(`{${parts.join(',')}}`);
  // Padding with spaces makes the data begin at a multiple of 8.
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/** Elements that are converted at a time, so that half precision needs no second copy of a large tensor. */
const CHUNK = 1 << 20;

function writeTensor(descriptor: number, data: Float32Array | Int32Array, dtype: FloatDtype): void {
  if (data instanceof Int32Array || dtype === 'F32') {
    writeAll(descriptor, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return;
  }
  const halves = new Uint16Array(Math.min(CHUNK, data.length));
  for (let start = 0; start < data.length; start += CHUNK) {
    const part = data.subarray(start, start + CHUNK);
    if (dtype === 'BF16') float32ToBfloat16(part, halves);
    else float32ToFloat16(part, halves);
    writeAll(descriptor, new Uint8Array(halves.buffer, 0, part.length * 2));
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, Math.min(bytes.length - done, 2 ** 30));
  }
}

/** Makes the rename itself durable. Windows cannot open folders, and needs no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function cannotWrite(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || !('syscall' in cause)) return cause;
  const full = cause.code === 'ENOSPC' || cause.code === 'EDQUOT';
  return new TunebookError(
    full ? 'run/disk-full' : 'file/unwritable',
    full
      ? `The disk is full: ${file} could not be written.`
      : `${file} could not be written: ${cause.message}.`,
    {
      location: { file },
      cause,
      hint: full
        ? 'Free some space (old checkpoints under .tunebook/runs are a good place to start), then run again.'
        : 'Check that the folder exists and may be written to.',
    },
  );
}
