/**
 * Writes corpus/train.txt and corpus/validation.txt: the text that the base model is pretrained on, a row a line.
 *
 *   node make-text.mjs [--out FOLDER]
 *
 * It is made of the topics in make/text: what people want of an editor, what annoys them, what they ask, and what a manual answers. The
 * topics cover more than the 20 intents, and their wording is not that of make/phrases.mjs. A row that holds a whole row of
 * data/validation.csv or data/test.csv of four words or more is left out, so that the base model has seen none of them.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expand } from './make/expand.mjs';
import { Random } from './make/random.mjs';
import { normalise } from './make/normalise.mjs';
import { FRAMES } from './make/text/frames.mjs';
import { THESAURUS, WORDS } from './make/text/words.mjs';
import { type } from './make/typing.mjs';

const SEED = 4;
const ROWS = 100_000;
const VALIDATION_ROWS = 2_000;

/** Shares of the rows: of those that set words of like meaning side by side, and of those that look typed in a hurry. */
const SHARE = { thesaurus: 0.06, typed: 0.25 };

const here = import.meta.dirname;
const at = process.argv.indexOf('--out');
const out = at === -1 ? join(here, 'corpus') : process.argv[at + 1];
const random = new Random(SEED);
const topics = readTopics();
const kept = new Set(heldOutTexts());
const longest = Math.max(...[...kept].map((text) => text.split(' ').length));

const seen = new Set();
while (seen.size < ROWS + VALIDATION_ROWS) {
  const row = writeRow();
  if (!holdsHeldOut(row)) seen.add(row);
}
const rows = random.shuffled([...seen]);
mkdirSync(out, { recursive: true });
write('validation.txt', rows.slice(0, VALIDATION_ROWS));
write('train.txt', rows.slice(VALIDATION_ROWS));

function write(name, lines) {
  writeFileSync(join(out, name), `${lines.join('\n')}\n`);
}

/** The topics of make/text/*.txt: `== name | command | key`, then lines that begin with wish, woe, ask or fact. */
function readTopics() {
  const folder = join(here, 'make/text');
  const found = [];
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()) {
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      const head = /^== (.*) \| (.*) \| (.*)$/.exec(line);
      const entry = /^(wish|woe|ask|fact) +(.*)$/.exec(line);
      if (head) found.push({ command: head[2], key: head[3], wish: [], woe: [], ask: [], fact: [] });
      else if (entry) found.at(-1)[entry[1]].push(entry[2]);
      else if (line !== '') throw new Error(`${name}: what is "${line}"?`);
    }
  }
  return found;
}

function writeRow() {
  if (random.chance(SHARE.thesaurus)) return thesaurusRow();
  const topic = pickTopic();
  const frame = random.pick(FRAMES.filter((pattern) => fits(pattern, topic)));
  const part = (list) => () => expand(random.pick(list), WORDS, random);
  const parts = { command: [topic.command], key: [topic.key], other: part(pickTopic().wish) };
  for (const kind of ['wish', 'woe', 'ask', 'fact']) parts[kind] = parts[`${kind}2`] = part(topic[kind]);
  const row = expand(frame, { ...WORDS, ...parts }, random);
  return random.chance(SHARE.typed) ? type(row, random, (pattern) => expand(pattern, WORDS, random)) : row;
}

/** Topics with much to say come up more often. */
function pickTopic() {
  const sizes = topics.map((topic) =>
    Math.sqrt(topic.wish.length + topic.woe.length + topic.ask.length + topic.fact.length),
  );
  let at = random.next() * sizes.reduce((a, b) => a + b, 0);
  return topics[sizes.findIndex((size) => (at -= size) < 0)] ?? topics.at(-1);
}

function fits(pattern, topic) {
  if (pattern.includes('{key}') && topic.key === 'no key') return false;
  return ['wish', 'woe', 'ask', 'fact'].every(
    (kind) => topic[kind].length > 0 || !pattern.includes(`{${kind}`),
  );
}

function thesaurusRow() {
  const [a, b, c] = random.shuffled(random.pick(THESAURUS));
  // prettier-ignore
  return random.pick([
    `${a} means ${b}.`, `${a} or ${b}`, `${a}, ${b}, ${c ?? a}`, `${a} is another word for ${b}.`, `${a} and ${b} are much the same.`,
    `not only ${a} but ${b}`, `you may say ${a} instead of ${b}.`, `${a}, ${b} and so on`,
  ]);
}

/** The rows of validation and test, without capitals and punctuation, that are long enough to be nobody else's words. */
function heldOutTexts() {
  return ['validation', 'test'].flatMap((split) =>
    readFileSync(join(here, 'data', `${split}.csv`), 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => normalise(line.slice(0, line.lastIndexOf(','))))
      .filter((text) => text.split(' ').length >= 4),
  );
}

function holdsHeldOut(row) {
  const words = normalise(row).split(' ');
  for (let start = 0; start < words.length; start++) {
    for (let end = start + 4; end <= Math.min(words.length, start + longest); end++) {
      if (kept.has(words.slice(start, end).join(' '))) return true;
    }
  }
  return false;
}
