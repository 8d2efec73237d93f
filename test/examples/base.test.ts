import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFolder } from '../../src/trainer/checkpoint/model-folder.ts';
import { loadParameters } from '../../src/trainer/checkpoint/load-parameters.ts';
import { loadTokenizer } from '../../src/trainer/data/tokenizer.ts';
import { CPU_LOWERING } from '../../src/trainer/graph/graph.ts';
import { parseModelConfig } from '../../src/trainer/models/config.ts';
import { buildTask } from '../../src/trainer/models/task.ts';
import { readHeader } from '../../src/trainer/safetensors/read.ts';
import { writeSafetensors } from '../../src/trainer/safetensors/write.ts';
import { EXAMPLE, plain, readSplit, runScript, SPLITS } from './support/example.ts';

const BASE = join(EXAMPLE, 'base');

describe("the example's base model", () => {
  it('takes at most 6 MB, all of it bfloat16', () => {
    const bytes = readdirSync(BASE).reduce((sum, name) => sum + statSync(join(BASE, name)).size, 0);
    assert.ok(bytes <= 6e6, `${bytes} bytes`);
    for (const [name, { dtype }] of readHeader(join(BASE, 'model.safetensors')).tensors)
      assert.equal(dtype, 'BF16', name);
  });

  it('brings every weight of its architecture but the pooler and the head', () => {
    const config = parseModelConfig(readModelFolder(BASE).config ?? {}, BASE);
    const task = { kind: 'text-classification', numLabels: 20 } as const;
    const { builder } = buildTask(config, task, { training: false, lowering: CPU_LOWERING });
    const { initialized } = loadParameters(builder.parameters.values(), [BASE], 1);
    assert.deepEqual(initialized.sort(), [
      'bert.pooler.dense.bias',
      'bert.pooler.dense.weight',
      'classifier.bias',
      'classifier.weight',
    ]);
  });

  it('has a tokenizer that fits it and knows every character of a keyboard', async () => {
    const tokenizer = await loadTokenizer(BASE);
    const config = parseModelConfig(readModelFolder(BASE).config ?? {}, BASE);
    assert.equal(tokenizer.vocabSize, config.vocab_size);
    const keyboard = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join(' x');
    assert.ok(!tokenizer.tokenize(keyboard).includes(tokenizer.specialTokens.unk!));
  });

  it('reads the words of the example as whole tokens for the most part, and no row is cut at 64', async () => {
    const tokenizer = await loadTokenizer(BASE);
    const texts = SPLITS.flatMap((split) => readSplit(split)).map(({ text }) => text);
    const lengths = texts.map((text) => tokenizer.encode(text, { max_length: 128 }).input_ids.length);
    assert.ok(Math.max(...lengths) <= 64, `the longest row has ${Math.max(...lengths)} tokens`);
    const words = texts.join(' ').match(/[\p{L}\p{N}]+|[\p{P}\p{S}]/gu)!.length;
    const tokens = texts.reduce((sum, text) => sum + tokenizer.tokenize(text).length, 0);
    assert.ok(tokens / words < 1.6, `${tokens / words} tokens a word`);
  });

  it('was pretrained on text that holds no validation or test row', () => {
    runScript('make-text.mjs', (folder) => {
      const text = readFileSync(join(folder, 'train.txt'), 'utf8');
      const padded = text
        .split('\n')
        .map((line) => ` ${plain(line)} `)
        .join('\n');
      const rows = [...readSplit('validation'), ...readSplit('test')].map((row) => plain(row.text));
      const leaked = rows.filter((row) => row.split(' ').length >= 4 && padded.includes(` ${row} `));
      assert.deepEqual(leaked, []);
    });
  });

  it('has the tokenizer that its script makes of that text', () => {
    runScript('make-text.mjs', (text) => {
      const look = (folder: string) => {
        for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
          const made = readFileSync(join(folder, name), 'utf8');
          assert.equal(made, readFileSync(join(BASE, name), 'utf8'), name);
        }
      };
      runScript('make-tokenizer.mjs', look, '--text', join(text, 'train.txt'));
    });
  });

  it('rounds to bfloat16 as the trainer does', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunebook-bfloat16-'));
    try {
      const special = [0, -0, 1, -1, 1.00390625, 1.01171875, 3.4e38, 1e-40, Infinity, -Infinity, NaN];
      const spread = Array.from({ length: 5000 }, (_, i) => Math.sin(i * i) * 10 ** ((i % 60) - 30));
      const tensors = new Map([
        ['b.weight', { shape: [50, 100], data: Float32Array.from(spread) }],
        ['a.bias', { shape: [special.length], data: Float32Array.from(special) }],
      ]);
      const [full, half, wanted] = ['full', 'half', 'wanted'].map((name) => join(folder, name));
      writeSafetensors(full!, tensors);
      writeSafetensors(wanted!, tensors, { dtype: 'BF16' });
      const program = `import { writeBfloat16 } from ${JSON.stringify(join(EXAMPLE, 'make/bfloat16.mjs'))};
        writeBfloat16(...process.argv.slice(1));`;
      execFileSync(process.execPath, ['--input-type=module', '-e', program, full!, half!]);
      assert.ok(readFileSync(half!).equals(readFileSync(wanted!)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
