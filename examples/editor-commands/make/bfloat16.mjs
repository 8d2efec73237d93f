/** Half the bytes of a model: a safetensors file of float32 written again as bfloat16. */
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Rounds every tensor of a safetensors file from F32 to BF16, to nearest, ties to even, as PyTorch's `.to(bfloat16)` does, and writes
 * them by name.
 * @throws Error for a file with another element type
 */
export function writeBfloat16(from, to) {
  const { header, data } = read(from);
  const { __metadata__, ...tensors } = header;
  const written = { __metadata__ };
  const parts = [];
  let offset = 0;
  for (const name of Object.keys(tensors).sort()) {
    const { dtype, shape, data_offsets } = tensors[name];
    if (dtype !== 'F32') throw new Error(`${name} in ${from} is ${dtype}, not F32`);
    const part = round(data.subarray(...data_offsets));
    written[name] = { dtype: 'BF16', shape, data_offsets: [offset, (offset += part.length)] };
    parts.push(part);
  }
  const json = Buffer.from(JSON.stringify(written));
  // Spaces behind the header make the data begin at a multiple of 8.
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  writeFileSync(to, Buffer.concat([length, padded, ...parts]));
}

function read(file) {
  const bytes = readFileSync(file);
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  return { header: JSON.parse(bytes.toString('utf8', 8, end)), data: bytes.subarray(end) };
}

/** A bfloat16 is the upper half of a float32. */
function round(floats) {
  const halves = Buffer.alloc(floats.length / 2);
  for (let at = 0; at < floats.length; at += 4) {
    const bits = floats.readUInt32LE(at);
    const isNaN = (bits & 0x7fffffff) > 0x7f800000;
    const rounded = isNaN ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    halves.writeUInt16LE(rounded & 0xffff, at / 2);
  }
  return halves;
}
