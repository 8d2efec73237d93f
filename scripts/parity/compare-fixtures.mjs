import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * How far a set of fixtures made anew lies from the committed one, file by file: the largest deviation of any number.
 * Of numbers of about one or more it is relative, of smaller ones absolute; anything but numbers must be equal.
 * @param {string} committed folder
 * @param {string} fresh folder
 * @returns {{ file: string, deviation: number, note?: string }[]} `Infinity` where the two are not alike at all
 */
export function compareFixtures(committed, fresh) {
  const files = new Set([...listFiles(committed), ...listFiles(fresh)]);
  return [...files].sort().map((file) => {
    const [a, b] = [join(committed, file), join(fresh, file)].map(readOrNothing);
    if (!a || !b) return { file, deviation: Infinity, note: a ? 'not made any more' : 'not committed' };
    if (a.equals(b)) return { file, deviation: 0 };
    return { file, deviation: deviationOf(file, a, b) };
  });
}

function deviationOf(file, a, b) {
  // What rounding did to the numbers is measured anew each time, and is no number to be equalled.
  const parse = (bytes) =>
    JSON.parse(bytes.toString('utf8'), (key, value) => (key === 'noise' ? null : value));
  if (file.endsWith('.json')) return distance(parse(a), parse(b));
  if (file.endsWith('.safetensors')) return distance(readTensors(a), readTensors(b));
  return Infinity;
}

function distance(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) / Math.max(1, Math.abs(a));
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null)
    return a === b ? 0 : Infinity;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return Infinity;
  return keys.reduce((worst, key) => Math.max(worst, key in b ? distance(a[key], b[key]) : Infinity), 0);
}

/** Float32 tensors by name (https://huggingface.co/docs/safetensors). */
function readTensors(bytes) {
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, start).toString('utf8'));
  delete header.__metadata__;
  return Object.fromEntries(
    Object.entries(header).map(
      ([
        name,
        {
          data_offsets: [from, to],
        },
      ]) => {
        const data = bytes.subarray(start + from, start + to);
        return [name, Array.from({ length: data.length / 4 }, (_, i) => data.readFloatLE(4 * i))];
      },
    ),
  );
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .map((path) => relative(folder, path).replaceAll('\\', '/'));
}

function readOrNothing(path) {
  return statSync(path, { throwIfNoEntry: false }) ? readFileSync(path) : undefined;
}
