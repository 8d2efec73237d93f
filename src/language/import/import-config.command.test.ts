import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { TunebookError } from '../../protocol/error.ts';
import { importConfig, type Imported } from './import-config.ts';

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

  it('at the top of a script that has no other settings is that of the script', () => {
    const result = importFixture('script/started.py');
    assert.equal(field(result, 'train.learning_rate'), 1e-6);
    assert.equal(field(result, 'train.gradient_checkpointing'), false);
    assert.match(result.text, /they are those of the command in line 2\./);
    assert.match(result.text, /^format: preference$/m);
  });

  it('is refused with its line where its settings are elsewhere, or its method is not here', () => {
    const config = refusal('cd x\ntrl sft --config sft.yaml --learning_rate 1e-4\n', 'go.sh');
    assert.equal(config.message, '`trl sft` takes its settings from `sft.yaml`.');
    assert.equal(config.line, 2);
    assert.match(refusal('axolotl train lora.yml --debug\n', 'go.sh').message, /from `lora\.yml`/);
    assert.match(
      refusal('trl grpo --model_name_or_path a/b\n', 'go.sh').message,
      /`trl grpo` trains with a method that Tunebook lacks/,
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
