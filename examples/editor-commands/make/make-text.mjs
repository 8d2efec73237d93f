/**
 * Writes corpus/train.txt and corpus/validation.txt: the text that the base model is pretrained on, a row a line.
 *
 *   node make/make-text.mjs [--out FOLDER]
 *
 * It is made of the topics in make/text: what people want of an editor, what annoys them, what they ask, and what a manual answers. The
 * topics cover more than the 20 intents, and their wording is not that of make/phrases.mjs. A row that holds a whole row of
 * data/validation.csv or data/test.csv of four words or more is left out, so that the base model has seen none of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.mjs';
import { HeldOut, Talk } from './talk.mjs';

const SEED = 4;
const ROWS = 100_000;
const VALIDATION_ROWS = 2_000;

const at = process.argv.indexOf('--out');
const out = at === -1 ? join(import.meta.dirname, '../corpus') : process.argv[at + 1];
const random = new Random(SEED);
const talk = new Talk(random);
const heldOut = new HeldOut();

const seen = new Set();
while (seen.size < ROWS + VALIDATION_ROWS) {
  const row = talk.row();
  if (!heldOut.isIn(row)) seen.add(row);
}
const rows = random.shuffled([...seen]);
mkdirSync(out, { recursive: true });
write('validation.txt', rows.slice(0, VALIDATION_ROWS));
write('train.txt', rows.slice(VALIDATION_ROWS));

function write(name, lines) {
  writeFileSync(join(out, name), `${lines.join('\n')}\n`);
}
