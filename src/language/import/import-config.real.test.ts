import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { MemoryHost } from '../testing/memory-host.ts';
import { importConfig, type Imported } from './import-config.ts';
import { importFile } from './import-file.ts';

const FOLDER = new URL('../../../test/fixtures/import/', import.meta.url);

function importFixture(path: string): Imported {
  return importConfig(readFileSync(new URL(path, FOLDER), 'utf8'), {
    file: path.split('/').at(-1)!,
    paths: { onDisk: () => undefined },
  });
}

/** The run that was made, as plain values. */
function run({ text }: Imported): unknown {
  return parseAllDocuments(text).at(-1)?.toJS();
}

function field(result: Imported, path: string): unknown {
  return parseAllDocuments(result.text).at(-1)?.getIn(path.split('.'), false);
}

function outcome({ notes }: Imported, setting: string): string | undefined {
  return notes.find((note) => note.setting === setting)?.outcome;
}

describe('a script of Unsloth', () => {
  it('brings the model, LoRA and the 4 bits that its own classes are given', () => {
    const result = importFixture('script/unsloth_sft.py');
    assert.equal(field(result, 'model.base'), 'hf:example/tiny-base');
    assert.equal(field(result, 'data.max_length'), 1024);
    assert.equal(field(result, 'method.lora.r'), 8);
    assert.equal(field(result, 'method.lora.lora_alpha'), 32);
    assert.equal(field(result, 'method.lora.lora_dropout'), 0);
    assert.equal(field(result, 'method.lora.use_rslora'), true);
    assert.equal(field(result, 'method.quantization.load_in_4bit'), true);
    assert.equal(field(result, 'train.gradient_checkpointing'), true);
    assert.match(result.text, /# The script makes other rows of these with `map`/);
  });
});

describe('a script as the examples of PEFT are written', () => {
  const adapters = importFixture('script/adapters.py');

  it('with another adapter than LoRA says that it trains something else', () => {
    assert.match(adapters.text, /# Careful: .*`IA3Config`/);
    assert.match(adapters.text, /IA3Config \(line 16\) Tunebook has no such adapter/);
    assert.match(adapters.text, /method:\n {2}full: \{\}\n/);
  });

  it('brings the length that it cuts at, and the rows that it holds out', () => {
    assert.equal(field(adapters, 'data.max_length'), 96);
    assert.equal(field(adapters, 'data.eval'), 'data.validation');
    assert.match(adapters.text, /train_test_split:\n {2}test_size: 0\.2\n {2}seed: 7/);
  });

  it('evaluates on the split that its trainer is given by name', () => {
    const { text } = importFixture('script/splits.py');
    assert.match(text, /train: hf:example\/notes#fit\n {2}validation: hf:example\/notes\n/);
    assert.doesNotMatch(text, /is assumed/);
  });
});

describe('a script with a command line', () => {
  const result = importFixture('script/command_line.py');

  it('has the defaults of it, through the functions that they are passed to', () => {
    assert.equal(field(result, 'model.base'), 'hf:example/tiny-base');
    assert.equal(field(result, 'train.learning_rate'), 3e-4);
    assert.equal(field(result, 'method.lora.r'), 4);
    assert.equal(field(result, 'method.lora.lora_alpha'), 8);
    assert.equal(field(result, 'train.num_train_epochs'), 2);
    assert.match(
      result.text,
      /# What the script takes from its command line is carried with its defaults there\./,
    );
  });

  it('does not follow branches that are not taken', () => {
    assert.equal(field(result, 'method.quantization'), undefined);
    assert.equal(field(result, 'train.max_grad_norm'), 0.5);
  });

  it('has the arguments of a dictionary, and not the last of several values for a name', () => {
    assert.equal(field(result, 'train.weight_decay'), 0.05);
    assert.equal(field(result, 'train.lr_scheduler_type'), 'cosine');
    assert.equal(outcome(result, 'TrainingArguments.per_device_train_batch_size'), 'lost');
  });
});

describe('a name that is a parameter', () => {
  const script = (call: string) =>
    `lr = 1\ndef train(lr):\n  TrainingArguments("out", learning_rate=lr)\n${call}\n`;
  const rate = (call: string) =>
    field(
      importConfig(script(call), { file: 'x.py', paths: { onDisk: () => undefined } }),
      'train.learning_rate',
    );

  it('has what its one call passes, and nothing of the same name elsewhere', () => {
    assert.equal(rate('train(2e-5)'), 2e-5);
    assert.equal(rate('train(lr=read())'), undefined);
    assert.equal(rate('train(1e-5)\ntrain(1e-4)'), undefined);
    assert.equal(rate(''), undefined);
  });
});

describe('YAML of another tool', () => {
  it('is read as Python reads it', () => {
    const result = importFixture('axolotl/yaml-1-1.yml');
    assert.equal(field(result, 'data.max_length'), 4096);
    assert.equal(field(result, 'data.packing'), false);
    assert.equal(field(result, 'train.learning_rate'), 1e-5);
    assert.equal(field(result, 'train.max_steps'), 1000);
    assert.equal(field(result, 'train.gradient_checkpointing'), true);
    assert.match(result.text, /\n {2}text: "?y"?\n/);
  });

  it('lets go of what changes nothing, and says why', () => {
    const result = importFixture('axolotl/yaml-1-1.yml');
    assert.equal(field(result, 'train.num_train_epochs'), undefined);
    assert.equal(outcome(result, 'num_epochs'), 'same');
    assert.equal(outcome(result, 'lora_r'), 'same');
    assert.equal(outcome(result, 'attn_implementation'), 'same');
  });

  it('has the values that it names in other places', () => {
    const result = importFixture('torchtune/interpolated.yaml');
    assert.equal(field(result, 'model.base'), '/tmp/base');
    assert.equal(field(result, 'train.per_device_train_batch_size'), 4);
    assert.equal(field(result, 'data.completion_only_loss'), false);
  });
});

describe('a method that Tunebook lacks', () => {
  it('is told at the top, and its rows get no format to learn from', () => {
    const result = importFixture('axolotl/kto.yml');
    assert.match(
      result.text,
      /^# Careful: as it stands, this trains something else .* `rl`, `kto_desirable_weight`\.$/m,
    );
    assert.doesNotMatch(result.text, /^format:/m);
    assert.equal(field(result, 'method.dpo'), undefined);
    assert.match(
      importFixture('torchtune/interpolated.yaml').text,
      /^# Careful: .* `teacher_model`, `kd_ratio`\.$/m,
    );
  });

  it('leaves out rows that only that tool can read', () => {
    const result = importFixture('torchtune/pictures.yaml');
    assert.equal(outcome(result, 'dataset'), 'lost');
    assert.equal(field(result, 'data.train'), undefined);
  });
});

describe('pairs of answers', () => {
  it('have the columns that their kind has, and one shape in a run', () => {
    const result = importFixture('axolotl/dpo-messages.yml');
    assert.match(result.text, /\nformat: preference\ncolumns:\n {2}prompt: conversation\n/);
    assert.equal(outcome(result, 'datasets[0].roles'), 'carried');
    assert.equal(outcome(result, 'datasets[1]'), 'lost');
    assert.deepEqual(field(result, 'data.packing'), undefined);
    assert.ok(run(result));
  });
});

describe('a file of ten megabytes', () => {
  it('is no config, and is told so at once', async () => {
    const host = new MemoryHost({ files: { '/work/big.yml': 'x: 1\n'.repeat(2_000_000) } });
    await assert.rejects(importFile(host, { file: '/work/big.yml', folder: '/work', roots: ['/work'] }), {
      code: 'import/too-large',
      message: 'big.yml has 10.0 MB, and no config of a training is that long.',
    });
  });
});

describe('a file that trains nothing', () => {
  const code = (text: string, file = 'x.yaml') => {
    try {
      importConfig(text, { file, paths: { onDisk: () => undefined } });
      return undefined;
    } catch (error) {
      assert.ok(error instanceof Error);
      return error.message;
    }
  };

  it('is told so, with what says it', () => {
    assert.equal(
      code('model_name_or_path: a/b\ntemplate: qwen\nexport_dir: out\n'),
      'This config of LLaMA-Factory trains nothing: `export_dir` names where a merged model is written.',
    );
    assert.equal(
      code('model: { _component_: m.x }\ntasks: [truthfulqa_mc2]\n'),
      'This config of torchtune trains nothing: `tasks` names tasks to evaluate on.',
    );
    assert.match(code('compute_environment: LOCAL_MACHINE\n') ?? '', /^This file is of Accelerate/);
    assert.match(code('x = GRPOConfig(beta=0.1)\n', 'x.py') ?? '', /trains with `GRPOConfig`, a method/);
    assert.match(code('p = HfArgumentParser(X)\n', 'x.py') ?? '', /takes its settings from its command line/);
  });
});
