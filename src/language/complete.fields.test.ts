import assert from 'node:assert/strict';
import { completeAt, labelsAt, takeAt } from './testing/complete-at.ts';

const OTHERS = ['prompt', 'sweep', 'objective', 'export'];
const KINDS = ['dataset', 'run', 'evaluate', ...OTHERS];

describe('completion of kinds', () => {
  it('offers the kinds in an empty file, each with what it must hold', async () => {
    assert.deepEqual(await labelsAt('|'), KINDS);
    assert.equal(await takeAt('dataset', '|'), 'dataset: ${1:name}\nfiles:\n  ${2:train}: $3');
    assert.equal(await takeAt('run', 'r|'), 'run: ${1:name}\nmodel:\n  base: $2\ndata:\n  train: $3');
    assert.equal(
      await takeAt('evaluate', '|'),
      'evaluate: ${1:name}\ndata: $2\ncandidates:\n  ${3:name}:\n    $4',
    );
    assert.equal(
      await takeAt('prompt', '|'),
      'prompt: ${1:name}\nmessages:\n  - role: ${2|system,user,assistant|}\n    content: $3',
    );
    assert.equal(
      await takeAt('sweep', '|'),
      'sweep: ${1:name}\nrun: $2\nover:\n  ${3:train.learning_rate}: [$4]',
    );
    assert.equal(
      await takeAt('objective', '|'),
      'objective: ${1:name}\nevaluate: $2\naccept:\n  ${3:accuracy}: ${4:">= 0.90"}',
    );
    assert.equal(await takeAt('export', '|'), 'export: ${1:name}\nmodel: $2\nfolder: $3');
  });

  it('offers only the word where fields stand already, the kind that takes them first', async () => {
    assert.deepEqual(await labelsAt('|\ncandidates: {}\n'), ['evaluate', 'dataset', 'run', ...OTHERS]);
    assert.equal(await takeAt('evaluate', '|\ncandidates: {}\n'), 'evaluate: ${1:name}\ncandidates: {}\n');
  });

  it('offers them behind a separator, and none where a kind stands', async () => {
    assert.deepEqual(await labelsAt('run: a\n---\n|'), KINDS);
    const labels = await labelsAt('run: a\n|');
    assert.ok(!labels.some((label) => KINDS.includes(label)), labels.join());
  });

  it('offers nothing inside a document without a kind', async () => {
    assert.deepEqual(await labelsAt('train:\n  |'), []);
  });
});

describe('completion of fields', () => {
  it('puts those that must stand first, and leaves out those that do stand', async () => {
    assert.deepEqual(await labelsAt('dataset: a\nfiles: { train: x.csv }\n|'), [
      'extends',
      'train_test_split',
      'format',
      'config',
      'sample_by',
      'columns',
      'label_separator',
      'labels',
      'vars',
    ]);
    const fields = await completeAt('run: a\n|');
    assert.deepEqual(
      fields.slice(0, 2).map(({ label, detail }) => [label, detail]),
      [
        ['model', 'required'],
        ['data', 'required'],
      ],
    );
  });

  it('sees the fields on both sides of a half-written one', async () => {
    const labels = await labelsAt('run: a\ntrain:\n  num_train_epochs: 3\n  lear|\n  weight_decay: 0\n');
    assert.ok(labels.includes('learning_rate'));
    assert.ok(!labels.includes('num_train_epochs') && !labels.includes('weight_decay'));
  });

  it('writes a value to begin with', async () => {
    const before = 'run: a\ntrain:\n  |';
    const cases: [label: string, expected: string][] = [
      ['learning_rate', 'learning_rate: ${1:5.0e-5}'],
      ['per_device_train_batch_size', 'per_device_train_batch_size: ${1:8}'],
      [
        'lr_scheduler_type',
        'lr_scheduler_type: ${1|cosine,cosine_with_restarts,cosine_with_min_lr,cosine_warmup_with_min_lr,polynomial,inverse_sqrt,warmup_stable_decay,constant,constant_with_warmup,linear|}',
      ],
      ['dataloader_drop_last', 'dataloader_drop_last: ${1|true,false|}'],
    ];
    for (const [label, expected] of cases) {
      assert.equal(await takeAt(label, before), `run: a\ntrain:\n  ${expected}`);
    }
    assert.equal(
      await takeAt('metrics', 'evaluate: a\n|'),
      'evaluate: a\nmetrics: [${1:accuracy, macro_f1}]',
    );
    assert.equal(await takeAt('max_length', 'run: a\ndata: { | }'), 'run: a\ndata: { max_length: ${1:128} }');
  });

  it('opens maps with what they must hold, at the right column', async () => {
    assert.equal(await takeAt('model', 'run: a\n|'), 'run: a\nmodel:\n  base: $1');
    assert.equal(await takeAt('lora', 'run: a\nmethod:\n  |'), 'run: a\nmethod:\n  lora:\n    $1');
    assert.equal(await takeAt('full', 'run: a\nmethod:\n  |'), 'run: a\nmethod:\n  full: {}');
    assert.equal(await takeAt('target', 'run: a\n|'), 'run: a\ntarget:\n  local:\n    $1');
    assert.equal(await takeAt('model', 'run: a\r\n|\r\n'), 'run: a\r\nmodel:\r\n  base: $1\r\n');
  });

  it('keeps to one line in brackets', async () => {
    assert.equal(await takeAt('lora', 'run: a\nmethod: { | }'), 'run: a\nmethod: { lora: { $1 } }');
    assert.equal(
      await takeAt('task', 'run: a\nmodel: { base: x, t| }'),
      'run: a\nmodel: { base: x, task: ${1|token-classification,text-generation,fill-mask,text-classification|} }',
    );
  });

  it('adds the comma that a field in front of others needs', async () => {
    const text = await takeAt('base', 'run: a\nmodel: {\n  |\n  task: fill-mask }\n');
    assert.equal(text, 'run: a\nmodel: {\n  base: $1,\n  task: fill-mask }\n');
  });

  it('replaces the name alone where a value stands', async () => {
    assert.equal(
      await takeAt('learning_rate', 'run: a\ntrain:\n  lear|: 1\n'),
      'run: a\ntrain:\n  learning_rate: 1\n',
    );
  });

  it('offers one choice and no second, and what may stand beside it', async () => {
    assert.deepEqual(await labelsAt('run: a\nmethod:\n  |'), ['full', 'lora', 'quantization', 'dpo', 'orpo']);
    assert.deepEqual(await labelsAt('run: a\nmethod:\n  lora: {}\n  |'), ['quantization', 'dpo', 'orpo']);
    assert.deepEqual(await labelsAt('run: a\nmethod:\n  lo|ra: {}\n'), [
      'full',
      'lora',
      'quantization',
      'dpo',
      'orpo',
    ]);
  });

  it('offers the usual splits under files', async () => {
    assert.deepEqual(await labelsAt('dataset: a\nfiles:\n  train: x.csv\n  |'), ['validation', 'test']);
    assert.equal(await takeAt('test', 'dataset: a\nfiles:\n  |'), 'dataset: a\nfiles:\n  test: $1');
  });

  it('says what is inherited, and does not ask for it', async () => {
    const text = 'run: base\nmodel: { base: ./m }\ntrain: { seed: 7 }\n---\nrun: a\nextends: base\n';
    const model = (await completeAt(`${text}|`)).find(({ label }) => label === 'model');
    assert.equal(model?.detail, 'set, from base');
    const labels = await labelsAt(`${text}|`);
    assert.equal(labels[0], 'data');
    const seed = (await completeAt(`${text}train:\n  |`)).find(({ label }) => label === 'seed');
    assert.equal(seed?.detail, '7, from base');
  });

  it('works in a broken file', async () => {
    const broken = 'run: a\nmodel { base: x\ntrain:\n  num_train_epochs 3\n  "lear\n  |\ndata: [\n';
    assert.ok((await labelsAt(broken)).includes('learning_rate'));
  });

  it('documents every field', async () => {
    for (const text of ['run: a\n|', 'run: a\ntrain:\n  |', 'dataset: a\n|', 'evaluate: a\n|', '|']) {
      for (const { label, documentation } of await completeAt(text)) {
        assert.match(documentation, new RegExp(`^\\*\\*${label}\\*\\* · `), label);
        assert.ok(documentation.length > label.length + 40, documentation);
      }
    }
  });

  it('offers nothing in comments', async () => {
    assert.deepEqual(await labelsAt('run: a # tr|\n'), []);
  });

  it('begins an item of a list with a field behind its dash, or with the dash', async () => {
    const text = 'prompt: p\nmessages:\n  - role: user\n    content: x\n';
    for (const line of ['  - |\n', '  - ro|\n', '  -|\n', '  |\n'])
      assert.equal(await takeAt('role', `${text}${line}`), `${text}  - role: \${1|system,user,assistant|}\n`);
    assert.deepEqual(await labelsAt('prompt: p\nmessages: [|]\n'), ['{ }']);
  });
});
