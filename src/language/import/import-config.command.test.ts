import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { TunebookError } from '../../protocol/error.ts';
import { MemoryHost } from '../testing/memory-host.ts';
import { importConfig, type Imported } from './import-config.ts';
import { importFile } from './import-file.ts';
import { readYamlSettings } from './read-yaml.ts';

const FOLDER = new URL('../../../test/fixtures/import/', import.meta.url);
const paths = { onDisk: () => undefined };

function importFixture(path: string): Imported {
  const text = readFileSync(new URL(path, FOLDER), 'utf8');
  return importConfig(text, { file: path.split('/').at(-1)!, paths });
}

function documents({ text }: Imported): unknown[] {
  return parseAllDocuments(text).map((each) => {
    const value: unknown = each.toJS();
    return value;
  });
}

function field({ text }: Imported, path: string): unknown {
  const value: unknown = parseAllDocuments(text).at(-1)?.getIn(path.split('.'), false);
  return value;
}

function noteOf({ notes }: Imported, setting: string): string {
  const note = notes.find((each) => each.setting === setting);
  return `${note?.outcome} ${note?.line}:${note?.column} ${note?.value}`;
}

/** What an import is refused with. */
function refusal(
  text: string,
  file: string,
): { message: string; hint: string | undefined; line: number | undefined } {
  try {
    importConfig(text, { file, paths });
  } catch (error) {
    assert.ok(error instanceof TunebookError);
    return { message: error.message, hint: error.hint, line: error.location?.line };
  }
  assert.fail('it is imported');
}

describe('a command that starts a training', () => {
  const sft = importFixture('command/trl-sft.sh');

  it('brings its options, with the variables of the shell and several words as a list', () => {
    assert.equal(sft.tool, 'trl');
    assert.equal(field(sft, 'model.base'), 'hf:example/tiny-base');
    assert.equal(field(sft, 'train.learning_rate'), 3e-4);
    assert.equal(field(sft, 'data.packing'), true);
    assert.equal(field(sft, 'train.lr_scheduler_kwargs.min_lr_rate'), 0.1);
    assert.deepEqual(documents(sft).at(-1), {
      run: 'trl-sft',
      model: { task: 'text-generation', base: 'hf:example/tiny-base' },
      data: { train: 'data.train', eval: 'data.validation', max_length: 1024, packing: true },
      method: {
        lora: { target_modules: ['q_proj', 'v_proj'], r: 16, lora_alpha: 32, lora_dropout: 0.05 },
      },
      train: {
        learning_rate: 3e-4,
        logging_steps: 10,
        num_train_epochs: 2,
        lr_scheduler_type: 'cosine_with_min_lr',
        lr_scheduler_kwargs: { min_lr_rate: 0.1 },
        eval_strategy: 'steps',
        eval_steps: 50,
      },
    });
  });

  it('says with its place what only the shell knows, what is no option, and what starts processes', () => {
    assert.equal(noteOf(sft, 'warmup_steps'), 'lost 17:5 $(wc -l < rows.txt)');
    assert.equal(noteOf(sft, 'spare'), 'lost 12:20 spare');
    assert.equal(noteOf(sft, 'num_processes'), 'lost 6:19 4');
    assert.equal(noteOf(sft, 'config_file'), 'lost 6:37 zero2.yaml');
  });

  it('of LLaMA-Factory is read as its configs are', () => {
    const result = importFixture('command/llama-factory.sh');
    assert.equal(result.tool, 'llama-factory');
    assert.deepEqual(documents(result)[0], {
      dataset: 'data',
      files: { train: ['data/notes.json', 'data/more.json'] },
      train_test_split: { test_size: 0.1 },
    });
  });

  it('in prose is the first one; others are named with their lines', () => {
    const result = importFixture('command/glue.md');
    assert.match(result.text, /# The first command of the file is carried\. Others stand in line 16:/);
    assert.deepEqual(documents(result)[0], {
      dataset: 'data',
      files: { train: 'hf:nyu-mll/glue', validation: 'hf:nyu-mll/glue' },
      config: 'mrpc',
      format: 'classification',
      columns: { text: 'sentence1', text_pair: 'sentence2' },
    });
    assert.equal(field(result, 'data.max_length'), 64);
  });

  it('of run_clm.py packs texts end to end, and holds out the share that it does', () => {
    const result = importFixture('command/causal.sh');
    assert.equal(field(result, 'data.packing_strategy'), 'wrapped');
    assert.equal(field(result, 'data.max_length'), 256);
    assert.match(result.text, /test_size: 0\.1/);
    assert.match(result.text, /max_train_samples: 1000 \(line 2\)/);
  });

  it('of run_ner.py names its columns, and warns of labels that are others here', () => {
    const result = importFixture('command/tags.sh');
    assert.deepEqual(documents(result)[0], {
      dataset: 'data',
      files: { train: 'hf:conll2003', validation: 'hf:conll2003' },
      format: 'tokens',
      columns: { tokens: 'words', tags: 'ner' },
    });
    assert.match(result.text, /# Careful: .*`label_all_tokens`/);
  });

  it('of run_ner.py says by its task which tags it reads, and no task of GLUE', () => {
    const command = (rest: string) =>
      importConfig(`export T=pos\npython run_ner.py --model_name_or_path a/b --dataset_name c/d ${rest}\n`, {
        file: 'go.sh',
        paths,
      });
    const pos = command('--task_name $T');
    assert.match(pos.text, /train: hf:c\/d\n/);
    assert.match(pos.text, /columns:\n {2}tags: pos_tags\n/);
    assert.doesNotMatch(command('--task_name ner').text, /columns:|glue/);
    const both = command('--task_name pos --label_column_name upos');
    assert.match(both.text, /tags: upos\n/);
    assert.equal(noteOf(both, 'task_name'), 'lost 2:63 pos');
  });

  it('at the top of a script that has no other settings is that of the script', () => {
    const result = importFixture('script/started.py');
    assert.equal(field(result, 'train.learning_rate'), 1e-6);
    assert.equal(field(result, 'train.gradient_checkpointing'), false);
    assert.match(result.text, /they are those of the command in line 2\./);
    assert.match(result.text, /^format: preference$/m);
  });

  it('is refused with its line where its settings are nowhere, or its method is not here', () => {
    const config = refusal('cd x\ntrl sft --config sft.yaml --learning_rate 1e-4\n', 'go.sh');
    assert.equal(config.message, '`trl sft` takes its settings from `sft.yaml`, and there is no such file.');
    assert.equal(config.line, 2);
    assert.match(refusal('axolotl train lora.yml --debug\n', 'go.sh').message, /from `lora\.yml`/);
    assert.match(refusal('trl sft --config "$(ls *.yaml)"\n', 'go.sh').message, /only the shell knows/);
    assert.match(refusal('tune run r --config llama3/8B\n', 'go.sh').hint ?? '', /`tune cp NAME \.`/);
    // What is no training has no settings of one.
    assert.match(refusal('axolotl preprocess lora.yml\n', 'go.sh').message, /no command that starts/);
    assert.match(
      refusal('trl grpo --model_name_or_path a/b\n', 'go.sh').message,
      /`trl grpo` trains with a method that Tunebook lacks/,
    );
    assert.match(
      refusal('python run_plm.py --model_name_or_path=a/b --dataset_name c --do_train\n', 'go.sh').message,
      /`run_plm\.py` trains for a task that Tunebook lacks/,
    );
    assert.match(refusal('echo hello\n', 'go.sh').message, /has no command that starts a training/);
    assert.match(
      refusal('python train.py --learning_rate 1\n', 'go.sh').message,
      /`--model_name_or_path` is missing/,
    );
  });

  it('with a quote that nothing closes ends with its paragraph', () => {
    const text = `python sft.py --model_name_or_path a/b --max_steps 5 --run_name "open\n\npython sft.py --model_name_or_path c/d --max_steps 1\n`;
    const result = importConfig(text, { file: 'go.sh', paths });
    assert.equal(field(result, 'model.base'), 'hf:a/b');
    assert.match(result.text, /Others stand in line 3/);
  });
});

describe('a command that names a config', () => {
  /** What a command becomes beside its config, by `importFile` as the command line calls it. */
  const importBeside = (command: string, files: Record<string, string>) =>
    importFile(new MemoryHost({ files: { '/work/jobs/go.sh': command, ...files } }), {
      file: '/work/jobs/go.sh',
      folder: '/work/jobs',
      roots: ['/work/jobs', '/work'],
    });
  const told = ({ notes }: Imported, name: string) =>
    notes
      .filter(({ setting }) => setting === name)
      .map(({ outcome, file, line, why = '' }) => `${outcome} ${file ?? 'go.sh'}:${line} ${why}`.trim());

  it('has the settings of both, and its own count', async () => {
    const yaml =
      '# SFT\nmodel_name_or_path: a/b\ndataset_name: data/rows.jsonl\nlearning_rate: 1.0e-5\nuse_peft: true\nreport_to: wandb\nodd_field: 3\n';
    const result = await importBeside(
      'accelerate launch --num_processes 2 sft.py --config recipes/sft.yaml \\\n  --learning_rate 2e-4 --lora_r 4\n',
      { '/work/recipes/sft.yaml': yaml, '/work/data/rows.jsonl': '' },
    );
    assert.equal(result.tool, 'trl');
    assert.equal(field(result, 'model.base'), 'hf:a/b');
    assert.equal(field(result, 'train.learning_rate'), 2e-4);
    assert.equal(field(result, 'method.lora.r'), 4);
    assert.match(result.text, /train: \.\.\/data\/rows\.jsonl/);
    assert.deepEqual(told(result, 'learning_rate'), [
      'carried go.sh:2',
      'lost recipes/sft.yaml:4 The command gives `learning_rate` as `2e-4`, which counts.',
    ]);
    assert.deepEqual(told(result, 'use_peft'), ['carried recipes/sft.yaml:5']);
    assert.deepEqual(told(result, 'config'), [
      'same go.sh:1 Its settings are read from there, and those of the command count before them.',
    ]);
    assert.match(result.text, /# {3}odd_field: 3 \(recipes\/sft\.yaml line 7\)/);
    // Every setting of the two files has its note.
    const settings = new Set(result.notes.map(({ setting }) => setting));
    for (const { path } of readYamlSettings(yaml, 'sft.yaml').leaves()) assert.ok(settings.has(path), path);
  });

  it('may be of Axolotl, of LLaMA-Factory and of torchtune, with a section of the config in a name with dots', async () => {
    const axolotl = await importBeside(
      'accelerate launch -m axolotl.cli.train lora.yml --lora-r 4 --debug\n',
      {
        '/work/jobs/lora.yml':
          'base_model: a/b\nadapter: lora\nlora_r: 32\nlora_alpha: 16\nlora_target_linear: true\ndatasets:\n  - path: c/d\n    type: alpaca\n',
      },
    );
    assert.deepEqual([axolotl.tool, field(axolotl, 'method.lora.r')], ['axolotl', 4]);
    const factory = await importBeside('llamafactory-cli train f.yaml learning_rate=3e-4\n', {
      '/work/f.yaml':
        'model_name_or_path: a/b\nstage: sft\nfinetuning_type: full\ndataset: x\nlearning_rate: 1.0e-5\n',
    });
    assert.deepEqual([factory.tool, field(factory, 'train.learning_rate')], ['llama-factory', 3e-4]);
    const torchtune = await importBeside(
      'tune run full_finetune_single_device --config own.yaml optimizer.lr=5e-5 epochs=2\n',
      {
        '/work/own.yaml':
          'model:\n  _component_: torchtune.models.qwen2_5.qwen2_5_0_5b\noptimizer:\n  _component_: torch.optim.AdamW\n  lr: 2e-5\nepochs: 1\nbatch_size: 2\n',
      },
    );
    assert.equal(torchtune.tool, 'torchtune');
    assert.equal(field(torchtune, 'train.learning_rate'), 5e-5);
    assert.equal(field(torchtune, 'train.num_train_epochs'), 2);
    assert.deepEqual(told(torchtune, 'full_finetune_single_device').length + told(torchtune, '0').length, 1);
  });

  it('is refused with the place of what is wrong in the config', async () => {
    await assert.rejects(importBeside('trl sft --config x.yaml\n', { '/work/x.yaml': 'a: [\n' }), {
      code: 'import/syntax',
      location: { file: 'x.yaml', line: 2, column: 1 },
    });
    await assert.rejects(importBeside('python train.py --config x.yaml\n', { '/work/x.yaml': 'a: 1\n' }), {
      code: 'import/unknown-tool',
      location: { file: 'x.yaml' },
    });
  });
});

describe('a config of TRL', () => {
  it('that mixes data sets brings each, with the rows that it holds out', () => {
    const result = importFixture('trl/mixture.yaml');
    assert.deepEqual(documents(result)[0], {
      dataset: 'data',
      files: { train: ['hf:example/chats#long', 'hf:example/more'] },
      train_test_split: { test_size: 128, seed: 7 },
      config: 'SFT',
    });
    assert.match(result.text, /# Every row of `example\/more` is read, not a share of 0\.5\./);
    assert.equal(field(result, 'train.learning_rate'), 2e-5);
  });

  it('is of the method that its file is called after', () => {
    const result = importFixture('trl/handbook-orpo.yaml');
    assert.deepEqual(field(result, 'method.orpo.beta'), 0.05);
    assert.equal(field(result, 'data.eval'), 'data.validation');
    assert.match(result.text, /validation: hf:example\/preferences#test/);
    const plain = 'model_name_or_path: a/b\ndataset_name: c/d\n';
    assert.equal(field(importConfig(plain, { file: 'dpo_full.yaml', paths }), 'train.learning_rate'), 1e-6);
    assert.equal(field(importConfig(plain, { file: 'full.yaml', paths }), 'train.learning_rate'), 2e-5);
  });
});
