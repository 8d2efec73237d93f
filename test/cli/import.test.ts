import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { workspace } from './support/workspace.ts';

const AXOLOTL = `base_model: ./model
datasets:
  - path: data/text.txt
    type: completion
sequence_len: 32
micro_batch_size: 4
gradient_accumulation_steps: 1
num_epochs: 1
learning_rate: 1e-3
deepspeed: zero2.json
`;

describe('tunebook import', () => {
  const space = workspace();
  beforeEach(() => {
    space.at.write('lora.yml', AXOLOTL);
    space.at.write('data/text.txt', 'One line.\nAnother line.\n');
  });

  it('writes a config beside the file and says what was lost, where and why', async () => {
    const { code, stdout } = await space.at.run('import', 'lora.yml');
    assert.equal(code, 0);
    assert.match(stdout, /^lora\.tune\.yaml made of lora\.yml \(Axolotl\): 8 settings carried over,/);
    assert.match(
      stdout,
      / 1 without counterpart:\n {2}lora\.yml:10:1 {2}deepspeed: zero2\.json\n {4}The bundled trainer uses one device/,
    );
    const text = readFileSync(space.at.path('lora.tune.yaml'), 'utf8');
    assert.match(text, /^# Made from lora\.yml \(Axolotl\) by `tunebook import`\.\n/);
    assert.match(text, /\nfiles:\n {2}train: data\/text\.txt\nformat: text\n---\nrun: lora\n/);
    assert.match(text, /\n {2}base: model\n/);
    assert.match(text, /\n {2}learning_rate: 0\.001\n/);
  });

  it('never writes over a config that is there', async () => {
    const before = space.at.write('lora.tune.yaml', 'run: mine\n');
    const { code, stderr } = await space.at.run('import', 'lora.yml');
    assert.equal(code, 1);
    assert.match(stderr, /lora\.tune\.yaml is there already\. \[import\/exists\]\n.*--output/);
    assert.equal(readFileSync(before, 'utf8'), 'run: mine\n');
  });

  it('prints it instead, and as JSON with what became of each setting', async () => {
    const { stdout } = await space.at.run('import', 'lora.yml', '--output', '-');
    assert.match(stdout, /^# Made from/);
    const json = await space.at.run('import', 'lora.yml', '--output', 'other.tune.yaml', '--json');
    // SAFETY: it is what `tunebook import --json` is documented to print; what is wrong with it fails below.
    const result = JSON.parse(json.stdout) as { tool: string; notes: { setting: string; outcome: string }[] };
    assert.equal(result.tool, 'axolotl');
    assert.ok(result.notes.some(({ setting, outcome }) => setting === 'deepspeed' && outcome === 'lost'));
    assert.ok(existsSync(space.at.path('other.tune.yaml')));
  });

  it('says where a file is broken', async () => {
    space.at.write('broken.yml', 'base_model: a\n  b: [1\n');
    const { code, stderr } = await space.at.run('import', 'broken.yml');
    assert.equal(code, 1);
    assert.match(stderr, /broken\.yml:\d+:\d+/);
    assert.match(stderr, /\[import\/syntax\]/);
    assert.ok(!existsSync(space.at.path('broken.tune.yaml')));
  });

  it('says which tools it knows where a file is of none of them', async () => {
    space.at.write('some.yml', 'colour: blue\n');
    const { code, stderr } = await space.at.run('import', 'some.yml');
    assert.equal(code, 1);
    assert.match(stderr, /\[import\/unknown-tool\]\n.*Axolotl, LLaMA-Factory, torchtune and TRL/);
    space.at.write('script.py', 'print("hello")\n');
    assert.match((await space.at.run('import', 'script.py')).stderr, /calls no `TrainingArguments`/);
    const usage = await space.at.run('import', 'some.yml', '--from', 'nemo');
    assert.equal(usage.code, 2);
  });

  it('refuses what is no text, and a file that is not there', async () => {
    space.at.write('bytes.yml', new Uint8Array([0x62, 0x0a, 0xff, 0xfe]));
    assert.match((await space.at.run('import', 'bytes.yml')).stderr, /It is not UTF-8: line 2/);
    assert.match((await space.at.run('import', 'nothing.yml')).stderr, /There is no file nothing\.yml/);
  });
});
