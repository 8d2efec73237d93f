import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE, plain, readSplit, runScript, SPLITS } from './support/example.ts';

describe("the example's data", () => {
  it('is what its script writes, byte for byte', () => {
    runScript('make-data.mjs', (folder) => {
      for (const split of SPLITS) {
        const made = readFileSync(join(folder, `${split}.csv`));
        assert.ok(made.equals(readFileSync(join(EXAMPLE, 'data', `${split}.csv`))), `${split}.csv differs`);
      }
    });
  });

  it('has about 2,000 rows, seven tenths of them to train on', () => {
    const [train, validation, test] = SPLITS.map((split) => readSplit(split).length);
    assert.ok(Math.abs(train! - 1400) <= 20, `train: ${train}`);
    assert.ok(Math.abs(validation! - 300) <= 10, `validation: ${validation}`);
    assert.ok(Math.abs(test! - 300) <= 10, `test: ${test}`);
  });

  it('has the same 20 labels in every split, in like shares', () => {
    const shares = SPLITS.map((split) => {
      const rows = readSplit(split);
      const counts = new Map<string, number>();
      for (const { intent } of rows) counts.set(intent, (counts.get(intent) ?? 0) + 1);
      return new Map([...counts].map(([intent, count]) => [intent, count / rows.length]));
    });
    const labels = [...shares[0]!.keys()].sort();
    assert.equal(labels.length, 20);
    for (const share of shares) {
      assert.deepEqual([...share.keys()].sort(), labels);
      for (const label of labels) {
        const difference = Math.abs(share.get(label)! - shares[0]!.get(label)!);
        assert.ok(difference < 0.02, `${label} differs by ${difference}`);
      }
    }
  });

  it('has no text in two splits, whatever its capitals and punctuation', () => {
    const owner = new Map<string, string>();
    for (const split of SPLITS) {
      for (const { text } of readSplit(split)) {
        const key = plain(text);
        assert.equal(owner.get(key) ?? split, split, `"${text}" stands in ${owner.get(key)} and ${split}`);
        owner.set(key, split);
      }
    }
  });

  it('keeps wordings out of the training rows that the test rows have', () => {
    const pairs = (text: string) => {
      const words = plain(text).split(' ');
      return words.slice(1).map((word, i) => `${words[i]} ${word}`);
    };
    const known = new Set(readSplit('train').flatMap(({ text }) => pairs(text)));
    const tested = readSplit('test').filter(({ text }) => pairs(text).some((pair) => !known.has(pair)));
    assert.ok(tested.length > 100, `only ${tested.length} test rows say anything in a new way`);
  });

  it('is as untidy as what people type', () => {
    const texts = readSplit('train').map(({ text }) => text);
    const share = (matches: (text: string) => boolean) => texts.filter(matches).length / texts.length;
    const words = (text: string) => text.split(/\s+/).length;
    const expectShare = (what: string, actual: number, least: number, most: number) =>
      assert.ok(actual >= least && actual <= most, `${what}: ${actual}`);
    expectShare(
      'one or two words',
      share((text) => words(text) <= 2),
      0.02,
      0.15,
    );
    expectShare(
      '25 words and more',
      share((text) => words(text) >= 25),
      0.01,
      0.05,
    );
    expectShare(
      'begins with a capital',
      share((text) => /^[A-Z]/.test(text)),
      0.2,
      0.5,
    );
    expectShare(
      'ends with a question mark',
      share((text) => text.endsWith('?')),
      0.1,
      0.4,
    );
    const exact = texts.length - new Set(texts).size;
    const near = texts.length - new Set(texts.map(plain)).size;
    assert.equal(exact, 0);
    assert.ok(near > 0, 'no two rows are alike but for capitals and punctuation');
  });

  it('asks for two commands in the same words', () => {
    const symbols = /\b(this|that|the) \w+\b|\b\w*[a-z][A-Z_]\w*\b/g;
    const patterns = (label: string) =>
      SPLITS.flatMap((split) => readSplit(split))
        .filter(({ intent }) => intent === label)
        .map(({ text }) => plain(text.replaceAll(symbols, 'it')));
    const definitions = new Set(patterns('go-to-definition'));
    assert.ok(patterns('find-references').some((pattern) => definitions.has(pattern)));
  });
});
