import { TunebookError } from '../../protocol/error.ts';
import { DTYPE_BYTES, isDtype, type Dtype } from './dtype.ts';

/** Where one tensor stands in its file. Offsets count bytes from the start of the file; `end` is exclusive. */
export interface TensorInfo {
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

/** The checked header of a safetensors file. `tensors` is in the order of the data. */
export interface SafetensorsHeader {
  file: string;
  metadata: Record<string, string>;
  tensors: Map<string, TensorInfo>;
}

/** The reference implementation refuses longer headers too, so that a hostile length cannot take all memory. */
export const MAX_HEADER_BYTES = 100_000_000;

/**
 * Checks the JSON of a header as the reference implementation does: known types, sizes that follow from the shapes,
 * data that is one run of bytes without holes or overlaps and ends with the file.
 * @param text the header's JSON
 * @param dataStart where the data begins in the file
 * @param fileBytes the size of the file
 * @throws TunebookError `safetensors/…`
 */
export function parseHeader(
  file: string,
  text: string,
  dataStart: number,
  fileBytes: number,
): SafetensorsHeader {
  const entries = Object.entries(parseObject(file, text));
  const duplicate = findDuplicateName(text);
  if (duplicate !== undefined) throw corrupt(file, `the tensor "${duplicate}" stands in its header twice`);

  let metadata: Record<string, string> = {};
  const tensors: [string, TensorInfo][] = [];
  for (const [name, value] of entries) {
    if (name === '__metadata__') metadata = readMetadata(file, value);
    else tensors.push([name, readTensorInfo(file, name, value, dataStart)]);
  }
  tensors.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  checkLayout(file, tensors, dataStart, fileBytes);
  return { file, metadata, tensors: new Map(tensors) };
}

/** An error about a file whose content is not what its format says. */
export function corrupt(file: string, what: string, code = 'safetensors/corrupt'): TunebookError {
  return new TunebookError(code, `${file} is not a usable safetensors file: ${what}.`, {
    location: { file },
    hint: 'Download or copy the file again, and compare its size with the original.',
  });
}

function parseObject(file: string, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(file, `its header is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw corrupt(file, 'its header is no JSON object');
  }
  return value;
}

function readMetadata(file: string, value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) throw corrupt(file, 'its __metadata__ is no object');
  const metadata: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw corrupt(file, `its __metadata__ holds "${key}", which is no string`);
    metadata[key] = text;
  }
  return metadata;
}

function readTensorInfo(file: string, name: string, value: unknown, dataStart: number): TensorInfo {
  if (typeof value !== 'object' || value === null)
    throw corrupt(file, `the entry of tensor "${name}" is no object`);
  const { dtype, shape, data_offsets: offsets }: Record<string, unknown> = { ...value };
  if (!isDtype(dtype)) {
    throw new TunebookError(
      'safetensors/dtype',
      `${file}: tensor "${name}" has the type ${JSON.stringify(dtype)}.`,
      {
        location: { file },
        hint: `Tunebook reads ${Object.keys(DTYPE_BYTES).join(', ')}. Save the model in one of these, e.g. BF16.`,
      },
    );
  }
  if (!isSizes(shape)) throw corrupt(file, `tensor "${name}" has the shape ${JSON.stringify(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw corrupt(file, `tensor "${name}" has the data_offsets ${JSON.stringify(offsets)}`);
  }
  const bytes = shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]);
  const [begin, end] = [offsets[0]!, offsets[1]!];
  if (end - begin !== bytes) {
    throw corrupt(
      file,
      `tensor "${name}" (${dtype} [${shape.join(', ')}]) needs ${bytes} bytes, but its data_offsets hold ${end - begin}`,
    );
  }
  return { dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function checkLayout(
  file: string,
  tensors: [string, TensorInfo][],
  dataStart: number,
  fileBytes: number,
): void {
  let position = dataStart;
  let previous = '';
  for (const [name, info] of tensors) {
    if (info.begin < position) throw corrupt(file, `the data of "${name}" and "${previous}" overlap`);
    if (info.begin > position) {
      throw corrupt(file, `${info.begin - position} bytes before the data of "${name}" belong to no tensor`);
    }
    position = info.end;
    previous = name;
  }
  if (fileBytes < position) throw truncated(file, fileBytes, position);
  if (fileBytes > position)
    throw corrupt(file, `it has ${fileBytes} bytes, but its header describes ${position}`);
}

/** The error of a file that ends too early. */
export function truncated(file: string, bytes: number, expected: number): TunebookError {
  return new TunebookError(
    'safetensors/truncated',
    `${file} is cut off: it has ${bytes} bytes and should have ${expected} (${expected - bytes} are missing).`,
    {
      location: { file },
      hint: 'The download or copy did not finish, or the disk was full. Fetch the file again.',
    },
  );
}

/** JSON.parse keeps the last of equal keys in silence, so the names are read from the text once more. */
function findDuplicateName(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === '"') {
      const start = i;
      for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++;
      if (depth !== 1) continue;
      // At depth 1 every string is a key, because the value of each key is an object.
      const name = String(JSON.parse(text.slice(start, i + 1)));
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
}
