/**
 * Writes corpus/writer-train.jsonl and corpus/writer-validation.jsonl: the text that the small model in writer/ is pretrained on, a
 * document a line.
 *
 *   node make/make-writer-text.mjs [--out FOLDER]
 *
 * Some documents are what people say around an editor, as in make-text.mjs. The others are lists of requests with a name behind each, in
 * several forms: within a list the same wish has the same name, and another name in the next list, so that only what stands above tells
 * it. That is what a prompt with examples asks of a model. The 20 intents and their wordings are in none of them, and neither is a whole
 * row of data/validation.csv or data/test.csv of four words or more.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.mjs';
import { HeldOut, Talk } from './talk.mjs';

const SEED = 7;
const DOCUMENTS = 60_000;
const VALIDATION_DOCUMENTS = 500;

/** Shares of the documents that are lists, and of the requests in them that look typed in a hurry. */
const SHARE = { lists: 0.85, typed: 0.25 };

/** How a list is written: what stands before a request, between it and its name, and behind that. */
const FORMS = [
  ['', ' -> ', '\n\n'],
  ['', ' -> ', '\n\n'],
  ['', ' -> ', '\n\n'],
  ['', ' -> ', '\n'],
  ['', ' = ', '\n\n'],
  ['request: ', '\ncommand: ', '\n\n'],
  ['Q: ', '\nA: ', '\n\n'],
];

/** Words that names are put together from. */
// prettier-ignore
const NAME_WORDS = ['open', 'show', 'run', 'go', 'set', 'get', 'add', 'make', 'move', 'switch', 'toggle', 'change', 'start', 'stop', 'find', 'split', 'view', 'line', 'code', 'file', 'text', 'tab', 'page', 'window', 'screen', 'branch', 'name', 'color', 'size', 'list', 'next', 'last', 'up', 'down', 'left', 'right', 'red', 'blue', 'green', 'one', 'two', 'three', 'north', 'south', 'apple', 'river', 'stone', 'cat', 'dog', 'bird'];

const at = process.argv.indexOf('--out');
const out = at === -1 ? join(import.meta.dirname, '../corpus') : process.argv[at + 1];
const random = new Random(SEED);
const talk = new Talk(random);
const heldOut = new HeldOut();
const intents = new Set(
  readFileSync(join(import.meta.dirname, '../data/train.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.slice(line.lastIndexOf(',') + 1)),
);

const seen = new Set();
while (seen.size < DOCUMENTS + VALIDATION_DOCUMENTS) {
  const text = random.chance(SHARE.lists) ? list() : talk.row();
  if (!heldOut.isIn(text)) seen.add(text);
}
const documents = random.shuffled([...seen]);
mkdirSync(out, { recursive: true });
write('writer-validation.jsonl', documents.slice(0, VALIDATION_DOCUMENTS));
write('writer-train.jsonl', documents.slice(VALIDATION_DOCUMENTS));

/** Requests of a few topics, each with the name that its topic has in this list. */
function list() {
  const [before, between, behind] = random.pick(FORMS);
  const names = new Map();
  const makeName = random.pick([commandName, commandName, madeUpName, madeUpName, shortName]);
  const topics = 2 + random.below(4);
  while (names.size < topics) {
    const topic = talk.topic();
    const name = makeName(topic);
    if (![...names.values()].includes(name) && !intents.has(name)) names.set(topic, name);
  }
  const length = topics + 3 + random.below(9);
  const lines = Array.from({ length }, () => {
    const [topic, name] = random.pick([...names]);
    return before + request(topic) + between + name + behind;
  });
  return lines.join('').trimEnd();
}

function request(topic) {
  const kinds = ['wish', 'wish', 'wish', 'woe', 'woe', 'ask'].filter((kind) => topic[kind].length > 0);
  const kind = random.pick(kinds);
  const said = talk.fill(random.pick(topic[kind]));
  const framed =
    kind === 'wish' && random.chance(0.25)
      ? random
          .pick([
            'can you X',
            'how do i X',
            'please X',
            'i want to X',
            'X please',
            'help me X',
            'could you X',
          ])
          .replace('X', said)
      : said;
  return random.chance(SHARE.typed) ? talk.typed(framed) : framed;
}

/** What the editor calls it: go-to-line. */
function commandName({ command }) {
  return command.replaceAll(' ', '-');
}

/** A name that says nothing of the topic: open-river. */
function madeUpName() {
  const words = random.shuffled(NAME_WORDS).slice(0, random.pick([1, 1, 1, 2, 2, 3]));
  return words.join('-');
}

function shortName() {
  return random.pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789']);
}

function write(name, texts) {
  writeFileSync(join(out, name), texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
}
