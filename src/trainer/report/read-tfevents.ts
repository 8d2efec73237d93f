import { TunebookError } from '../../protocol/error.ts';
import { maskedCrc32c } from './crc32c.ts';
import type { Scalar } from './tfevents.ts';

/**
 * The numbers in a TensorBoard events file: values of TensorFlow 1 (`simple_value`) and of TensorFlow 2 (a tensor with one float or
 * double). What is no number is left out. A last record that is not whole was being written, and is left out too.
 * @throws TunebookError `import/not-tfevents` where a record is damaged, or the file is none
 */
export function readTfevents(bytes: Uint8Array, file: string): Scalar[] {
  const found: Scalar[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 12 <= bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    const header = bytes.subarray(at, at + 8);
    if (maskedCrc32c(header) !== view.getUint32(at + 8, true)) throw damaged(file, at);
    const end = at + 12 + length;
    if (end + 4 > bytes.length) break;
    const message = bytes.subarray(at + 12, end);
    if (maskedCrc32c(message) !== view.getUint32(end, true)) throw damaged(file, at);
    found.push(...readEvent(message));
    at = end + 4;
  }
  return found;
}

function readEvent(message: Uint8Array): Scalar[] {
  let [time, step] = [0, 0];
  const values: [tag: string, value: number][] = [];
  for (const { field, number, bytes, double } of fieldsOf(message)) {
    if (field === 1) time = double();
    else if (field === 2) step = Number(number);
    else if (field === 5)
      for (const part of fieldsOf(bytes)) if (part.field === 1) values.push(...readValue(part.bytes));
  }
  return values.map(([tag, value]) => ({ tag, step, time, value }));
}

function readValue(message: Uint8Array): [tag: string, value: number][] {
  let tag = '';
  let value: number | undefined;
  for (const { field, bytes, float } of fieldsOf(message)) {
    if (field === 1) tag = new TextDecoder().decode(bytes);
    else if (field === 2) value = float();
    else if (field === 8) value = readTensor(bytes);
  }
  return value === undefined ? [] : [[tag, value]];
}

/** A `TensorProto` with one number: dtype 1 (1: float, 2: double), tensor_content 4, float_val 5, double_val 6. */
function readTensor(message: Uint8Array): number | undefined {
  let type = 0;
  let value: number | undefined;
  for (const { field, number, bytes, wire, float, double } of fieldsOf(message)) {
    const content = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (field === 1) type = Number(number);
    else if (field === 4 && type === 1 && bytes.length === 4) value = content.getFloat32(0, true);
    else if (field === 4 && type === 2 && bytes.length === 8) value = content.getFloat64(0, true);
    else if (field === 5)
      value = wire === 5 ? float() : bytes.length === 4 ? content.getFloat32(0, true) : undefined;
    else if (field === 6)
      value = wire === 1 ? double() : bytes.length === 8 ? content.getFloat64(0, true) : undefined;
  }
  return value;
}

interface Field {
  field: number;
  wire: number;
  /** Of a varint. */
  number: bigint;
  /** Of a message, a string, or packed numbers. */
  bytes: Uint8Array;
  float: () => number;
  double: () => number;
}

/** The fields of a message in the protocol-buffers wire format, in their order. */
function* fieldsOf(message: Uint8Array): Iterable<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const none = new Uint8Array(0);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; at < message.length; shift += 7n) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) break;
    }
    return BigInt.asIntN(64, value);
  };
  while (at < message.length) {
    const key = Number(varint());
    const [field, wire] = [key >>> 3, key & 7];
    const begin = at;
    let number = 0n;
    let bytes: Uint8Array = none;
    if (wire === 0) number = varint();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = Number(varint());
      bytes = message.subarray(at, at + length);
      at += length;
    } else return;
    const float = () => view.getFloat32(begin, true);
    yield { field, wire, number, bytes, float, double: () => view.getFloat64(begin, true) };
  }
}

function damaged(file: string, at: number): TunebookError {
  return new TunebookError(
    'import/not-tfevents',
    `${file} is no TensorBoard events file, or is damaged at byte ${at}.`,
    {
      hint: 'Copy it again from where it was written.',
      location: { file },
    },
  );
}
