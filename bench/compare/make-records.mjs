import { closeSync, openSync, writeSync } from 'node:fs';

const WORDS =
  'please open close save the a file tab window editor terminal line go to find replace rename run tests start debugging commit changes theme zoom in out split format document definition symbol my this last next previous'.split(
    ' ',
  );

/**
 * Writes a `records.jsonl` as an evaluation does, candidate by candidate: sentences of 5 to 34 words, 20 labels.
 *
 * @param {string} path
 * @param {number} rows
 * @param {readonly string[]} candidates each is right somewhat more often than the one before
 */
export function makeRecords(path, rows, candidates) {
  const file = openSync(path, 'w');
  candidates.forEach((candidate, c) => {
    let lines = [];
    for (let index = 0; index < rows; index++) {
      const truth = hash(index, 1) % 20;
      const right = hash(index, 11 + c) % 100 < 70 + 6 * c;
      const output = `label_${right ? truth : (truth + 1 + (hash(index, 31 + c) % 19)) % 20}`;
      const answer = {
        output,
        correct: right,
        score: (hash(index, 51 + c) % 1000) / 1000,
        latency: 2 + (hash(index, 71 + c) % 500) / 100,
      };
      lines.push(
        `${JSON.stringify({ index, source: `data/test.csv:${index + 2}`, input: sentence(index), reference: `label_${truth}`, outputs: { [candidate]: answer } })}\n`,
      );
      if (lines.length === 5000 || index === rows - 1) {
        writeSync(file, lines.join(''));
        lines = [];
      }
    }
  });
  closeSync(file);
}

/** @param {number} index */
function sentence(index) {
  const length = 5 + (hash(index, 2) % 30);
  return Array.from({ length }, (_, i) => WORDS[hash(index, 100 + i) % WORDS.length]).join(' ');
}

/**
 * The same on every machine.
 *
 * @param {number} a
 * @param {number} b
 */
function hash(a, b) {
  let bits = Math.imul(Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b), 0xc2b2ae35) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 15), 0x27d4eb2f) >>> 0;
  return (bits ^ (bits >>> 13)) >>> 0;
}
