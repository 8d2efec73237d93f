/** How a number that JSON does not have stands in it. */
const NUMBER = '$number';
/** How an array of numbers stands in JSON: where in the numbers behind it, and how many. */
const ARRAY = '$array';

/**
 * Writes plain data with `Float64Array`s in it as bytes: the length of a JSON text, the text, and the numbers of all arrays as
 * they lie in memory. Numbers that are not finite stay what they are.
 */
export function pack(value: unknown): Buffer {
  const arrays: Float64Array[] = [];
  let length = 0;
  const text = JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'number' && !Number.isFinite(each)) return { [NUMBER]: String(each) };
    if (!(each instanceof Float64Array)) return each;
    arrays.push(each);
    length += each.length;
    return { [ARRAY]: [length - each.length, each.length] };
  });
  const json = Buffer.from(text);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(json.length);
  return Buffer.concat([
    head,
    json,
    ...arrays.map((each) => Buffer.from(each.buffer, each.byteOffset, each.byteLength)),
  ]);
}

/** Reads what {@link pack} wrote. Throws where it is something else. */
export function unpack(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 4 + buffer.readUInt32LE(0);
  // A copy, because numbers in memory begin at multiples of eight.
  const numbers = new Float64Array(Uint8Array.from(buffer.subarray(end)).buffer);
  return JSON.parse(buffer.toString('utf8', 4, end), (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null) return each;
    if (NUMBER in each) return Number(each[NUMBER]);
    if (!(ARRAY in each) || !Array.isArray(each[ARRAY])) return each;
    const [from, length] = each[ARRAY].map(Number);
    return numbers.slice(from, (from ?? 0) + (length ?? 0));
  });
}
