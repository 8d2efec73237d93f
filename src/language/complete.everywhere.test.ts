import assert from 'node:assert/strict';
import fc from 'fast-check';
import { complete } from './complete.ts';
import { plainText } from './completion/snippet.ts';
import { loadProject } from './load.ts';
import { parse } from './parse.ts';
import { PATH } from './testing/complete-at.ts';
import { MemoryHost } from './testing/memory-host.ts';

const CONFIG = `# What people type
dataset: intents
files: { train: data/train.csv, test: [data/test.csv] }
format: classification
columns:
  text: utterance

labels:
  - zoom
  - blame
---
run: small
train:
  learning_rate: 1.0e-4

---
run: intents-lora
extends: small
model: { base: ./base, task: text-classification }
data:
  train: intents.train
  eval: "intents.test"
method:
  lora: { r: 8, target_modules: [query, value] }
---
evaluate: worth-it
data: intents.test
candidates:
  base: { model: ./base }
  tuned:
    run: intents-lora
metrics: [accuracy]
`;

async function completeIn(text: string, offset: number) {
  const host = new MemoryHost({
    files: { [PATH]: text, '/work/data/train.csv': '', '/work/base/config.json': '{}' },
  });
  const project = await loadProject([PATH], host);
  return complete({ project, path: PATH, offset, host });
}

describe('completion everywhere', () => {
  it('keeps a right config readable, whatever is taken and wherever', async () => {
    for (const text of [CONFIG, CONFIG.replaceAll('\n', '\r\n')]) {
      const step = text === CONFIG ? 1 : 3;
      assert.deepEqual(parse(PATH, text).syntax, []);
      let taken = 0;
      for (let offset = 0; offset <= text.length; offset += step) {
        for (const { start, end, newText, snippet, label } of await completeIn(text, offset)) {
          assert.ok(start <= offset && offset <= end, `${label} at ${offset}`);
          const plain = snippet ? plainText(newText) : newText;
          const after = text.slice(0, start) + plain + text.slice(end);
          const { syntax } = parse(PATH, after);
          const line = text.slice(0, offset).split('\n').length;
          assert.deepEqual(syntax, [], `${label} in line ${line} makes\n${after}`);
          taken++;
        }
      }
      assert.ok(taken > 300, `${taken} completions`);
    }
  });

  it('answers in texts of any kind', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'run: a\n',
        'model:',
        '  base: ',
        'train:\n',
        '\n',
        '{',
        '}',
        '[',
        ']',
        ', ',
        ': ',
        '- ',
        '"',
        "'",
        '---\n',
        '#',
        '  ',
        '\t',
        '\r\n',
        '&a ',
        '*a',
        '<<: *a',
        '|',
        'files',
      ),
      fc.string({ maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 15 }), fc.nat(), async (pieces, at) => {
        const text = pieces.join('');
        const offset = at % (text.length + 1);
        for (const { start, end } of await completeIn(text, offset)) {
          assert.ok(start <= offset && offset <= end);
          assert.ok(!text.slice(start, end).includes('\n'));
        }
      }),
      { numRuns: 500 },
    );
  });
});
