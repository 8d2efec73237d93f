/**
 * What people say around an editor: rows made of the topics in make/text, which cover more than the 20 intents, in wordings that are not
 * those of make/phrases.mjs.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expand } from './expand.mjs';
import { normalise } from './normalise.mjs';
import { FRAMES } from './text/frames.mjs';
import { THESAURUS, WORDS } from './text/words.mjs';
import { type } from './typing.mjs';

/** Shares of the rows: of those that set words of like meaning side by side, and of those that look typed in a hurry. */
const SHARE = { thesaurus: 0.06, typed: 0.25 };

/** Words of a held-out row that make it nobody else's. */
const LEAST = 4;

const here = import.meta.dirname;

export class Talk {
  #random;
  #topics = readTopics();
  #sizes = this.#topics.map(({ wish, woe, ask, fact }) =>
    Math.sqrt(wish.length + woe.length + ask.length + fact.length),
  );
  #size = this.#sizes.reduce((a, b) => a + b, 0);

  /** @param {import('./random.mjs').Random} random */
  constructor(random) {
    this.#random = random;
  }

  /** A sentence or a few of one topic. */
  row() {
    const random = this.#random;
    if (random.chance(SHARE.thesaurus)) return this.#thesaurusRow();
    const topic = this.topic();
    const frame = random.pick(FRAMES.filter((pattern) => fits(pattern, topic)));
    const part = (list) => () => expand(random.pick(list), WORDS, random);
    const parts = { command: [topic.command], key: [topic.key], other: part(this.topic().wish) };
    for (const kind of ['wish', 'woe', 'ask', 'fact']) parts[kind] = parts[`${kind}2`] = part(topic[kind]);
    const row = expand(frame, { ...WORDS, ...parts }, random);
    return random.chance(SHARE.typed) ? this.typed(row) : row;
  }

  /** A topic; those with much to say come up more often. */
  topic() {
    let at = this.#random.next() * this.#size;
    return this.#topics[this.#sizes.findIndex((size) => (at -= size) < 0)] ?? this.#topics.at(-1);
  }

  /** A pattern of make/text with its choices made and its slots filled. */
  fill(pattern) {
    return expand(pattern, WORDS, this.#random);
  }

  /** A row as somebody in a hurry would type it. */
  typed(row) {
    return type(row, this.#random, (pattern) => this.fill(pattern));
  }

  #thesaurusRow() {
    const random = this.#random;
    const [a, b, c] = random.shuffled(random.pick(THESAURUS));
    // prettier-ignore
    return random.pick([
      `${a} means ${b}.`, `${a} or ${b}`, `${a}, ${b}, ${c ?? a}`, `${a} is another word for ${b}.`, `${a} and ${b} are much the same.`,
      `not only ${a} but ${b}`, `you may say ${a} instead of ${b}.`, `${a}, ${b} and so on`,
    ]);
  }
}

/** The topics of make/text/*.txt: `== name | command | key`, then lines that begin with wish, woe, ask or fact. */
function readTopics() {
  const folder = join(here, 'text');
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

function fits(pattern, topic) {
  if (pattern.includes('{key}') && topic.key === 'no key') return false;
  return ['wish', 'woe', 'ask', 'fact'].every(
    (kind) => topic[kind].length > 0 || !pattern.includes(`{${kind}`),
  );
}

/** The rows of data/validation.csv and data/test.csv of four words or more: too long to be anybody's words but theirs. */
export class HeldOut {
  /** By their first four words. */
  #kept = new Map();

  constructor() {
    for (const text of heldOutTexts()) {
      const start = text.split(' ', LEAST).join(' ');
      this.#kept.set(start, [...(this.#kept.get(start) ?? []), text]);
    }
  }

  /** Whether a text holds one of them whole, whatever its capitals and punctuation. */
  isIn(text) {
    const words = normalise(text).split(' ');
    return words.some((_, start) => {
      const found = this.#kept.get(words.slice(start, start + LEAST).join(' '));
      return found?.some((kept) => `${words.slice(start).join(' ')} `.startsWith(`${kept} `));
    });
  }
}

function heldOutTexts() {
  return ['validation', 'test'].flatMap((split) =>
    readFileSync(join(here, '../data', `${split}.csv`), 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => normalise(line.slice(0, line.lastIndexOf(','))))
      .filter((text) => text.split(' ').length >= LEAST),
  );
}
