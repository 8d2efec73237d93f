/**
 * Writes data/train.csv, data/validation.csv and data/test.csv: what people type, and the editor command they mean.
 *
 *   node make/make-data.mjs [--out FOLDER]
 *
 * Rows are made of the hand-written phrases in make/phrases.mjs. Some phrases of every intent go to the validation split alone
 * and some to the test split alone, so that these measure how well a model understands wordings it was never shown. The rest is
 * shared; no row stands in two splits, whatever its capitals and punctuation. The same bytes come out every time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FRAMES, INTENTS, SLOTS } from './phrases.mjs';
import { expand } from './expand.mjs';
import { normalise } from './normalise.mjs';
import { Random } from './random.mjs';
import { mistype, type } from './typing.mjs';

const SEED = 20;
const ROWS = 2000;
const SHARE = { test: 0.15, validation: 0.15, train: 0.7 };

/** How many phrases of an intent's lists stand in one split alone. */
const KEPT_APART = { test: { actions: 3, remarks: 2 }, validation: { actions: 2, remarks: 2 } };

/** Of the rows of a split with phrases of its own, the share that is made of these. */
const OWN_SHARE = 0.3;

/** Share of the rows of every split that carry the label of a neighbouring intent: slips of whoever labelled them. */
const LABEL_NOISE = 0.015;

/** Share of the training rows that repeat another one with a small change. */
const NEAR_DUPLICATES = 0.05;

/** Which label is taken for which by mistake. */
const NEIGHBOURS = {
  'open-file': ['find-in-files', 'split-editor'],
  'find-in-files': ['find-references', 'open-file'],
  'go-to-definition': ['find-references'],
  'find-references': ['go-to-definition', 'find-in-files'],
  'rename-symbol': ['find-in-files', 'format-document'],
  'format-document': ['fold-code', 'show-problems'],
  'increase-font-size': ['change-color-theme'],
  'change-color-theme': ['increase-font-size', 'install-extension'],
  'toggle-terminal': ['run-tests', 'start-debugging'],
  'run-tests': ['start-debugging', 'show-problems'],
  'start-debugging': ['toggle-breakpoint', 'run-tests'],
  'toggle-breakpoint': ['start-debugging'],
  'commit-changes': ['discard-changes', 'switch-branch'],
  'show-blame': ['find-references', 'commit-changes'],
  'discard-changes': ['switch-branch', 'commit-changes'],
  'switch-branch': ['commit-changes', 'open-file'],
  'split-editor': ['open-file', 'fold-code'],
  'fold-code': ['format-document', 'split-editor'],
  'install-extension': ['change-color-theme'],
  'show-problems': ['start-debugging', 'format-document'],
};

const random = new Random(SEED);
const fill = (pattern) => expand(pattern, SLOTS, random);

/** Where a text stands, by its normalised form. */
const placed = new Map();

const splits = { train: [], validation: [], test: [] };
for (const [intent, count] of countRows()) {
  const phrases = dealPhrases(INTENTS[intent]);
  for (const split of Object.keys(SHARE)) {
    const rows = Math.round(count * SHARE[split]);
    for (let i = 0; i < rows; i++) {
      const pool = phrases[split] && i < rows * OWN_SHARE ? phrases[split] : phrases.shared;
      splits[split].push({ text: write(pool, split), intent });
    }
  }
}
const out = folder();
mkdirSync(out, { recursive: true });
for (const [name, rows] of Object.entries(splits)) {
  const finished = random.shuffled(slip(name === 'train' ? repeat(rows) : rows));
  const csv = ['text,intent', ...finished.map(({ text, intent }) => `${quote(text)},${intent}`)];
  writeFileSync(join(out, `${name}.csv`), `${csv.join('\n')}\n`);
  console.log(`${name}.csv: ${finished.length} rows, ${slips(finished)} of them with a neighbouring label`);
}

/** How many rows each intent gets: some commands are asked for more often than others. */
function countRows() {
  const names = Object.keys(INTENTS);
  const weights = names.map(() => 0.7 + 0.6 * random.next());
  const sum = weights.reduce((a, b) => a + b, 0);
  return names.map((name, i) => [name, (ROWS * weights[i]) / sum]);
}

/** Deals an intent's phrases to the splits. A phrase that another intent has too is the ambiguity itself and stays shared. */
function dealPhrases({ actions, remarks }) {
  const dealt = { shared: [] };
  const lists = { actions: random.shuffled(actions), remarks: random.shuffled(remarks) };
  for (const [split, counts] of Object.entries(KEPT_APART)) {
    dealt[split] = Object.entries(counts).flatMap(([kind, count]) => {
      const own = lists[kind].filter((pattern) => !isAmbiguous(pattern)).slice(0, count);
      lists[kind] = lists[kind].filter((pattern) => !own.includes(pattern));
      return own.map((pattern) => ({ kind, pattern }));
    });
  }
  for (const kind of ['actions', 'remarks'])
    dealt.shared.push(...lists[kind].map((pattern) => ({ kind, pattern })));
  return dealt;
}

function isAmbiguous(pattern) {
  const owners = Object.values(INTENTS).filter(({ actions, remarks }) =>
    [...actions, ...remarks].includes(pattern),
  );
  return owners.length > 1;
}

/** A row of a split that stands nowhere yet. */
function write(phrases, split) {
  for (;;) {
    const { kind, pattern } = random.pick(phrases);
    const sentence = fill(pattern);
    const framed = kind === 'actions' ? random.pick(FRAMES).replace('{}', sentence) : sentence;
    const text = type(framed, random, fill);
    if (!place(text, split)) continue;
    return text;
  }
}

/** Notes that a text stands in a split; false when it stands somewhere already. */
function place(text, split) {
  const key = normalise(text);
  if (placed.has(key)) return false;
  placed.set(key, split);
  return true;
}

/** Replaces some rows by near-duplicates of others of the same intent. */
function repeat(rows) {
  return rows.map((row) => {
    if (!random.chance(NEAR_DUPLICATES)) return row;
    const { text, intent } = random.pick(rows.filter((other) => other.intent === row.intent));
    const again = random.pick([
      () => mistype(text, random),
      () => `${text} please`,
      () => `${text} now`,
      () => `please ${text[0].toLowerCase()}${text.slice(1)}`,
      () => text.replace(/[.?!]+$/, '').toLowerCase(),
      () => `${text}!`,
    ])();
    const key = normalise(again);
    if (again === text || (placed.get(key) ?? 'train') !== 'train') return row;
    placed.set(key, 'train');
    return { text: again, intent };
  });
}

/** Gives some rows the label of a neighbouring intent. */
function slip(rows) {
  const wrong = new Set(random.shuffled(rows).slice(0, slips(rows)));
  return rows.map((row) => (wrong.has(row) ? { ...row, intent: random.pick(NEIGHBOURS[row.intent]) } : row));
}

/** How many rows of a split get a wrong label. */
function slips(rows) {
  return Math.round(rows.length * LABEL_NOISE);
}

function quote(text) {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function folder() {
  const at = process.argv.indexOf('--out');
  return at === -1 ? join(import.meta.dirname, '../data') : process.argv[at + 1];
}
