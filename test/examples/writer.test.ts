import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTokenizer } from '../../src/trainer/data/tokenizer.ts';
import { inspectCausalModel } from '../../src/trainer/generate/causal-model.ts';
import { readHeader } from '../../src/trainer/safetensors/read.ts';
import { tunebook } from '../cli/support/tunebook.ts';
import { EXAMPLE, plain, readSplit, runScript } from './support/example.ts';

const WRITER = join(EXAMPLE, 'writer');

describe("the example's model that writes", () => {
  it('takes at most 8 MB, all of it bfloat16, and goes on with texts', async () => {
    const bytes = readdirSync(WRITER).reduce((sum, name) => sum + statSync(join(WRITER, name)).size, 0);
    assert.ok(bytes <= 8e6, `${bytes} bytes`);
    for (const [name, { dtype }] of readHeader(join(WRITER, 'model.safetensors')).tensors)
      assert.equal(dtype, 'BF16', name);
    const model = await inspectCausalModel(WRITER);
    assert.equal(model.tokenizer.vocabSize, model.config.vocab_size);
  });

  it('has the rows that its script makes, and their prompts are those of the evaluation', () => {
    runScript('make-writer-data.mjs', (folder) => {
      for (const split of ['train', 'validation'] as const) {
        const made = readFileSync(join(folder, `written-${split}.jsonl`), 'utf8');
        assert.equal(made, readFileSync(join(EXAMPLE, 'data', `written-${split}.jsonl`), 'utf8'));
        const rows = made
          .trim()
          .split('\n')
          .map((line): unknown => JSON.parse(line));
        const wanted = readSplit(split).map(({ text, intent }) => {
          return { prompt: `${text} ->`, completion: ` ${intent}` };
        });
        assert.deepEqual(rows, wanted);
      }
    });
  });

  it('was pretrained on text without the intents, and without validation and test rows; its tokenizer was made of it', function () {
    this.timeout(300_000);
    runScript('make-writer-text.mjs', (text) => {
      const train = join(text, 'writer-train.jsonl');
      const padded = readFileSync(train, 'utf8')
        .split('\n')
        .map((line) => ` ${plain(line.replaceAll('\\n', ' '))} `)
        .join('\n');
      const held = [...readSplit('validation'), ...readSplit('test')];
      const leaked = held
        .map((row) => plain(row.text))
        .filter((row) => row.split(' ').length >= 4 && padded.includes(` ${row} `));
      assert.deepEqual(leaked, []);
      const look = (folder: string) => {
        for (const name of ['tokenizer.json', 'tokenizer_config.json'])
          assert.equal(readFileSync(join(folder, name), 'utf8'), readFileSync(join(WRITER, name), 'utf8'));
      };
      runScript('make-writer-tokenizer.mjs', look, '--text', train);
    });
  });

  it('spells every character of a keyboard', async () => {
    const tokenizer = await loadTokenizer(WRITER);
    const keyboard = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join('');
    assert.equal(tokenizer.decode(tokenizer.tokenize(keyboard)), keyboard);
  });

  it('makes something of examples, on validation rows; the test rows stay unseen', async function () {
    this.timeout(300_000);
    const folder = mkdtempSync(join(tmpdir(), 'tunebook-writer-'));
    try {
      cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !/[\\/](\.tunebook|corpus)$/.test(path) });
      const [header, ...rows] = readFileSync(join(folder, 'data/validation.csv'), 'utf8').trim().split('\n');
      writeFileSync(join(folder, 'data/few.csv'), [header, ...rows.slice(0, 60)].join('\n'));
      const config = `dataset: few
files: { validation: data/few.csv }
format: classification
columns: { text: text, label: intent }
---
evaluate: examples
data: few.validation
candidates:
  bare: { model: writer, prompt: bare }
  prompted: { model: writer, prompt: few-shot }
metrics: [accuracy]
`;
      writeFileSync(join(folder, 'few.tune.yaml'), config);
      const { code, stdout, stderr } = await tunebook(['evaluate', 'few.tune.yaml', '--json'], {
        cwd: folder,
      });
      assert.equal(code, 0, stderr);
      // SAFETY: the last line of `evaluate --json` is the result of the command line's contract.
      const { candidates } = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
        candidates: Record<string, { accuracy: { value: number } }>;
      };
      const [bare, prompted] = ['bare', 'prompted'].map((name) => candidates[name]!.accuracy.value);
      assert.ok(prompted! >= bare! + 0.08, `bare ${bare}, prompted ${prompted}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
