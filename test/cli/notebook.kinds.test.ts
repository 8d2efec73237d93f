import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { readNotebook } from '../../src/language/notebook/read-notebook.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { workspace } from './support/workspace.ts';

const CELLS = {
  objective: 'objective: ship-it\nevaluate: verdict\ncandidate: tuned\naccept: { accuracy: ">= 0.0" }\n',
  dataset:
    'dataset: rows\nfiles: { train: data/train.csv, test: data/test.csv }\nformat: classification\ncolumns: { text: text, label: label }\n',
  prompt: 'prompt: ask\ntemplate: "red is {{ text }}"\nexamples: { data: rows.train, count: 2 }\n',
  run: `run: tiny
model: { base: model, task: text-classification, num_labels: 5 }
data: { train: rows.train, eval: rows.test, max_length: 32 }
method: { lora: { r: 2, target_modules: [query] } }
train: { max_steps: 3, per_device_train_batch_size: 8, logging_steps: 1, eval_strategy: steps, eval_steps: 3 }
target: { local: { device: cpu, threads: 1 } }
`,
  sweep: 'sweep: rates\nrun: tiny\nover: { train.learning_rate: [1.0e-4, 1.0e-3] }\nmetric: accuracy\n',
  evaluate:
    'evaluate: verdict\ndata: rows.test\ncandidates:\n  prompted: { model: writer, prompt: ask }\n  tuned: { run: tiny }\nmetrics: [accuracy]\n',
  export: 'export: deploy\nmodel: run:tiny\nfolder: deployed\n',
};

const STORY = Object.entries(CELLS)
  .map(([kind, text]) => `## ${kind}\n\n\`\`\`yaml tune\n${text}\`\`\`\n`)
  .join('\n');

describe('a notebook with cells of every kind', () => {
  const space = workspace();
  const name = 'story.tunebook.md';
  const read = () => readFileSync(space.at.path(name), 'utf8');
  /** The result below each cell, by the kind that it is of. */
  const results = (): Record<string, string | undefined> => {
    const text = read();
    const { cells } = readNotebook(text);
    return Object.fromEntries(
      Object.keys(CELLS).map((kind, index) => {
        const body = cells[index]?.output?.body;
        return [kind, body && text.slice(body.start, body.end)];
      }),
    );
  };
  const start = (text = STORY) => {
    writeCausalModel(space.at.path('writer'));
    space.at.write(name, text);
  };

  it('does something for each of them, and leaves all alone the second time', async () => {
    start();
    const { code, stdout, stderr } = await space.at.run('run', name);
    assert.equal(code, 0, stderr);
    const found = results();
    assert.match(found['objective'] ?? '', /\*\*ship-it\*\* is accepted: tuned meets all of it\./);
    assert.match(found['objective'] ?? '', /\| accuracy \| \\>= 0\.0 % \| \d+\.\d % \| ✓ met \|/);
    assert.match(found['prompt'] ?? '', /\*\*ask\*\* on 3 rows of rows\.test\./);
    assert.match(found['prompt'] ?? '', /\| row \| tokens, prompted \|/);
    assert.match(found['prompt'] ?? '', /\| data\/test\.csv:2 \| \d+ \|/);
    assert.equal((found['prompt'] ?? '').match(/^```text$/gm)?.length, 3);
    assert.match(found['sweep'] ?? '', /\*\*rates\*\* finished: 2 runs/);
    assert.match(found['sweep'] ?? '', /Best by accuracy: rates-[12] with/);
    assert.match(
      found['sweep'] ?? '',
      /\| \*\*rates-[12]\*\* \| \*\*(1e-4|0\.001)\*\* \| \*\*\d+\.\d %\*\* \| \*\*finished\*\* \|/,
    );
    assert.match(found['evaluate'] ?? '', /\| prompted \| \d+\.\d % \(/);
    assert.match(
      found['export'] ?? '',
      /\*\*deploy\*\* written: \d{8}T\d{6}Z-tiny-[0-9a-f]{4}, merged into its base, in 32 bits/,
    );
    assert.match(found['export'] ?? '', /\| model\.safetensors \| \d/);
    assert.ok(existsSync(space.at.path('deployed', 'model.safetensors')));
    assert.match(stdout, /verdict \(evaluate\)[\s\S]*ship-it \(objective\)[\s\S]*deploy \(export\)/);
    const [before, runs] = [read(), space.at.runs().length];
    const again = await space.at.run('run', name);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(read(), before);
    assert.equal(space.at.runs().length, runs);
    assert.match(again.stdout, /objective ship-it is met by tuned/);
  });

  it('ends with 4 at an objective that is not met, tells the number, and exports nothing, also the second time', async () => {
    start(STORY.replace('">= 0.0"', '"> 1.0"'));
    for (const time of ['first', 'second']) {
      const { code, stdout } = await space.at.run('run', name);
      assert.equal(code, 4, time);
      assert.match(stdout, /ship-it is not (accepted|met)/);
      assert.match(stdout, /Not run: deploy\./);
      assert.match(
        results()['objective'] ?? '',
        /is not accepted[\s\S]*\| accuracy \| \\> 100\.0 % \| \d+\.\d % \| ✗ not met \|/,
      );
      assert.match(results()['evaluate'] ?? '', /\| tuned \| \d/);
      assert.equal(results()['export'], undefined);
      assert.ok(!existsSync(space.at.path('deployed')));
    }
    assert.equal((await space.at.run('inspect', name, 'objective:ship-it')).code, 4);
    assert.equal((await space.at.run('run', name, '--cell', 'verdict', '--force')).code, 4);
  });

  it('says why an objective cannot be judged yet', async () => {
    start();
    const { code, stderr } = await space.at.run('run', name, '--cell', 'ship-it');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /The objective ship-it is not judged yet: no evaluation verdict has finished here\./,
    );
    assert.match(stderr, /next: Carry it out first: tunebook evaluate /);
  });

  it('counts the tokens of a prompt before the run that it is for, and leaves it alone behind that', async () => {
    const write = 'run: tiny\nmodel: { base: writer, task: text-generation }\n';
    const rows =
      'dataset: texts\nfiles: { train: data/train.csv }\nformat: text\ncolumns: { text: text }\n---\n';
    const run = `${rows}${write}data: { train: texts.train, max_length: 16 }\nmethod: { full: {} }\ntrain: { max_steps: 1 }\ntarget: { local: { device: cpu, threads: 1 } }\n`;
    const evaluate =
      'evaluate: verdict\ndata: rows.test\ncandidates:\n  tuned: { run: tiny, prompt: ask }\nmetrics: [accuracy]\n';
    const fenced = [CELLS.dataset, CELLS.prompt, run, evaluate].map(
      (each) => `\`\`\`yaml tune\n${each}\`\`\`\n`,
    );
    start(fenced.join('\n'));
    const first = await space.at.run('run', name);
    assert.equal(first.code, 0, first.stderr);
    assert.match(read(), /\| row \| tokens, tuned \|/);
    const again = await space.at.run('run', name);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /^ask: unchanged since its result/m);
  });

  it('shows a prompt whose model is not one that writes without counts, and says why', async () => {
    start(STORY.replace('model: writer, prompt: ask', 'run: tiny, prompt: ask'));
    const { code, stderr } = await space.at.run('run', name, '--cell', 'ask');
    assert.equal(code, 0, stderr);
    const shown = results()['prompt'] ?? '';
    assert.match(
      shown,
      /Its tokens are not counted\. Candidate "prompted": The model in .* does not go on with a text/,
    );
    assert.match(shown, /```text\nred is /);
    assert.doesNotMatch(shown, /tokens, /);
  });

  it('says which slot of a prompt no column fills', async () => {
    start(STORY.replace('{{ text }}', '{{ texts }}'));
    const { code, stderr } = await space.at.run('run', name, '--cell', 'ask');
    assert.equal(code, 1);
    assert.match(stderr, /^data\/train\.csv:\d+: error: The prompt "ask" has a slot \{\{ texts \}\}/m);
    assert.match(results()['prompt'] ?? '', /\*\*ask\*\* failed\. The prompt/);
  });

  it('stops at an export that would overwrite something, and says so below the cell', async () => {
    start();
    assert.equal((await space.at.run('run', name, '--cell', 'tiny')).code, 0);
    space.at.write('deployed', 'not a folder');
    const { code, stderr } = await space.at.run('run', name, '--cell', 'deploy');
    assert.equal(code, 1);
    assert.match(stderr, /deployed is a file, and an export is a folder/);
    assert.match(results()['export'] ?? '', /\*\*deploy\*\* failed\. .*is a file/);
    rmSync(space.at.path('deployed'));
    assert.equal((await space.at.run('run', name, '--cell', 'deploy')).code, 0);
  });

  it('refuses a format that is not written, before anything starts', async () => {
    start(STORY.replace('folder: deployed', 'folder: deployed\nformat: gguf'));
    const { code, stderr } = await space.at.run('run', name);
    assert.equal(code, 1);
    assert.match(stderr, /Tunebook does not write `gguf` yet\./);
    assert.deepEqual(space.at.runs(), []);
  });

  it('stops at a sweep none of whose runs gives a number, and keeps what is known of them', async () => {
    start(STORY.replace('metric: accuracy', 'metric: no_such'));
    const { code } = await space.at.run('run', name);
    assert.equal(code, 3);
    assert.match(results()['sweep'] ?? '', /\*\*rates\*\* failed[\s\S]*\| rates-1 \|[\s\S]*\| rates-2 \|/);
    assert.equal(results()['evaluate'], undefined);
  });
});
