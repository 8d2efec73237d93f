import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { failureOf, TINY_TOKENIZER } from './testing/fixtures.ts';
import { truncatedLengths } from './tokenizer/truncate.ts';
import { loadTokenizer } from './tokenizer.ts';

describe('loadTokenizer', () => {
  const root = temporaryFolder();
  const newFolder = () => mkdtempSync(join(root.path, 'tokenizer-'));

  it('knows the special tokens and how many stand around a text', async () => {
    const { specialTokens, specialTokensPerText, vocabSize } = await loadTokenizer(TINY_TOKENIZER);
    assert.deepEqual(specialTokens, {
      pad: 0,
      unk: 1,
      cls: 2,
      sep: 3,
      mask: 4,
      bos: undefined,
      eos: undefined,
    });
    assert.deepEqual([specialTokensPerText, vocabSize], [2, 60]);
  });

  it('reads vocab.txt of an older BERT as it reads tokenizer.json', async () => {
    const folder = newFolder();
    const json = readFileSync(join(TINY_TOKENIZER, 'tokenizer.json'), 'utf8');
    // SAFETY: the fixture is a WordPiece tokenizer.
    const { model } = JSON.parse(json) as { model: { vocab: Record<string, number> } };
    const words = Object.entries(model.vocab).sort(([, a], [, b]) => a - b);
    writeFileSync(join(folder, 'vocab.txt'), words.map(([word]) => `${word}\r\n`).join(''));
    const [one, other] = [await loadTokenizer(folder), await loadTokenizer(TINY_TOKENIZER)];
    for (const text of ['ba BE xx tu', '', '[MASK] lo!'])
      assert.deepEqual(one.encode(text, { max_length: 9 }), other.encode(text, { max_length: 9 }));
    assert.deepEqual(one.specialTokens, other.specialTokens);
  });

  it('copies its files, so that the copy is the same tokenizer', async () => {
    const folder = newFolder();
    await (await loadTokenizer(TINY_TOKENIZER)).copyTo(folder);
    assert.deepEqual(readdirSync(folder).sort(), ['tokenizer.json', 'tokenizer_config.json']);
    assert.deepEqual((await loadTokenizer(folder)).tokenize('ba be'), [5, 6]);
  });

  it('says that a folder has none, and how to make one of what is there', async () => {
    const folder = newFolder();
    const nothing = await failureOf(loadTokenizer(folder));
    assert.equal(nothing.code, 'tokenizer/missing');
    writeFileSync(join(folder, 'tokenizer.model'), '');
    assert.match(
      (await failureOf(loadTokenizer(folder))).hint ?? '',
      /tokenizer\.model: save it as tokenizer\.json/,
    );
  });

  it('says what is wrong with a file that cannot be used', async () => {
    const folder = newFolder();
    const spoilt: [string, string][] = [
      ['tokenizer.json', '{"model":'],
      ['tokenizer.json', '[]'],
      ['tokenizer.json', '{"model": null}'],
      ['tokenizer.json', '{}'],
      ['vocab.txt', 'only\nwords\n'],
    ];
    for (const [name, content] of spoilt) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      writeFileSync(join(folder, name), content);
      const error = await failureOf(loadTokenizer(folder));
      assert.equal(error.code, 'tokenizer/corrupt', content);
      assert.equal(error.location?.file, join(folder, name));
      assert.ok(error.hint);
    }
  });

  it('says so when its configuration is no JSON', async () => {
    const folder = newFolder();
    cpSync(TINY_TOKENIZER, folder, { recursive: true });
    writeFileSync(join(folder, 'tokenizer_config.json'), '{');
    assert.equal((await failureOf(loadTokenizer(folder))).code, 'tokenizer/corrupt');
  });
});

describe('truncatedLengths', () => {
  it('leaves alone what fits', () => {
    assert.deepEqual(truncatedLengths(3, 4, 7, 'longest_first'), [3, 4]);
    assert.deepEqual(truncatedLengths(3, undefined, 7, 'longest_first'), [3, 0]);
  });

  it('cuts the longer of a pair first, then both to half', () => {
    assert.deepEqual(truncatedLengths(10, 2, 6, 'longest_first'), [4, 2]);
    assert.deepEqual(truncatedLengths(10, 9, 7, 'longest_first'), [4, 3]);
    assert.deepEqual(truncatedLengths(9, 10, 7, 'longest_first'), [3, 4]);
  });

  it('cuts one of them alone where that is asked for, unless it would vanish', () => {
    assert.deepEqual(truncatedLengths(10, 2, 6, 'only_first'), [4, 2]);
    assert.deepEqual(truncatedLengths(2, 10, 6, 'only_second'), [2, 4]);
    assert.equal(truncatedLengths(2, 10, 6, 'only_first'), undefined);
  });
});
