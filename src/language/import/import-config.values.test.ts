import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { TunebookError } from '../../protocol/error.ts';
import { importConfig, type Imported, type ImportNote } from './import-config.ts';

function imported(text: string, file = 'config.yml', registry?: Record<string, unknown>): Imported {
  return importConfig(text, { file, paths: { onDisk: () => undefined }, registry });
}

/** A field of the run that was made. */
function field(result: Imported, path: string): unknown {
  const documents = parseAllDocuments(result.text);
  return documents.at(-1)?.getIn(path.split('.'), false);
}

function note(result: Imported, setting: string): ImportNote {
  const found = result.notes.find((each) => each.setting === setting);
  assert.ok(found, `no note for ${setting}`);
  return found;
}

describe('a setting of another tool', () => {
  it('keeps the other tool’s default where ours is another', () => {
    const result = imported('base_model: a/b\ndatasets: [{ path: a/b, type: completion }]\n');
    assert.equal(field(result, 'data.max_length'), 512);
    assert.equal(field(result, 'train.num_train_epochs'), 1);
    assert.equal(field(result, 'train.lr_scheduler_type'), 'cosine');
  });

  it('counts evaluations an epoch as Axolotl does: a fraction of the run', () => {
    const data =
      'datasets: [{ path: x.txt, type: completion }]\ntest_datasets: [{ path: y.txt, type: completion }]\n';
    const result = imported(
      `base_model: a/b\n${data}num_epochs: 2\nevals_per_epoch: 4\nsaves_per_epoch: 0\n`,
    );
    assert.equal(field(result, 'train.eval_steps'), 0.125);
    assert.equal(field(result, 'train.eval_strategy'), 'steps');
    assert.equal(field(result, 'train.save_strategy'), 'no');
  });

  it('evaluates by steps as Axolotl does, and stops early by the loss', () => {
    const data = 'base_model: a/b\ndatasets: [{ path: x.txt, type: completion }]\nval_set_size: 0.1\n';
    const result = imported(`${data}eval_steps: 50\nsave_steps: 100\nearly_stopping_patience: 3\n`);
    const wanted = {
      eval_strategy: 'steps',
      eval_steps: 50,
      save_steps: 100,
      early_stopping_patience: 3,
      metric_for_best_model: 'loss',
      load_best_model_at_end: true,
    };
    for (const [name, value] of Object.entries(wanted))
      assert.equal(field(result, `train.${name}`), value, name);
    const plain = imported(`${data}eval_steps: 50\n`);
    assert.equal(field(plain, 'train.eval_strategy'), 'steps');
    assert.equal(field(plain, 'train.metric_for_best_model'), undefined);
  });

  it('is lost with a reason beside one that it does not go with here: float16 and weights in 4 bits', () => {
    const data =
      'base_model: a/b\ndatasets: [{ path: x.txt, type: completion }]\nadapter: qlora\nload_in_4bit: true\n';
    const result = imported(`${data}lora_r: 8\nlora_target_linear: true\nfp16: true\n`);
    assert.equal(note(result, 'fp16').outcome, 'lost');
    assert.equal(field(result, 'train.fp16'), undefined);
    assert.notEqual(field(result, 'method.quantization'), undefined);
  });

  it('is lost with a reason where rows to evaluate on are missing', () => {
    const result = imported(
      'base_model: a/b\ndatasets: [{ path: x.txt, type: completion }]\nevals_per_epoch: 4\n',
    );
    assert.equal(note(result, 'evals_per_epoch').outcome, 'lost');
    assert.equal(field(result, 'train.eval_steps'), undefined);
  });

  it('holds out the rows that the other tool evaluates on, by its seed', () => {
    const data = 'base_model: a/b\ndatasets: [{ path: x.txt, type: completion }]\n';
    const result = imported(`${data}val_set_size: 0.05\nseed: 7\n`);
    assert.equal(note(result, 'val_set_size').field, 'train_test_split.test_size');
    assert.equal(field(result, 'data.eval'), 'data.validation');
    assert.match(result.text, /^train_test_split:\n {2}test_size: 0\.05\n {2}seed: 7$/m);
    assert.equal(note(imported(`${data}val_set_size: 0\n`), 'val_set_size').outcome, 'same');
    const both = imported(`${data}test_datasets: [{ path: y.txt, type: completion }]\nval_set_size: 0.05\n`);
    assert.equal(note(both, 'val_set_size').outcome, 'lost');
    const wrong = note(imported(`${data}val_set_size: 1.5\n`), 'val_set_size');
    assert.match(wrong.why ?? '', /neither a fraction below 1 nor a number of rows/);
  });

  it('of rows that are held out is no seed unless it is a whole number from 0', () => {
    const script = (seed: string) =>
      imported(
        `from datasets import load_dataset\nfrom transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments\nrows = load_dataset("a/b")\nmodel = AutoModelForSequenceClassification.from_pretrained("a/m")\nparts = rows["train"].train_test_split(test_size=0.2, seed=${seed})\nTrainer(model=model, args=TrainingArguments(output_dir="o"), train_dataset=parts["train"], eval_dataset=parts["test"]).train()\n`,
        'train.py',
      );
    assert.match(script('7').text, /^train_test_split:\n {2}test_size: 0\.2\n {2}seed: 7$/m);
    for (const seed of ['71e999', '-1', '1.5']) {
      const result = script(seed);
      assert.match(result.text, /^train_test_split:\n {2}test_size: 0\.2\n\w/m);
      const told = result.notes.find(({ setting }) => setting.endsWith('seed'));
      assert.deepEqual([told?.outcome, told?.why], ['lost', 'It is no whole number from 0.']);
    }
  });

  it('is a number where YAML 1.2 reads a text', () => {
    const result = imported(
      'base_model: a/b\ndatasets: [{ path: x.txt, type: completion }]\nlearning_rate: "2e-5"\n',
    );
    assert.equal(field(result, 'train.learning_rate'), 2e-5);
  });

  it('is lost for the reason that the language gives', () => {
    const result = imported(
      'base_model: a/b\ndatasets: [{ path: x.txt, type: completion }]\nlearning_rate: -1\n',
    );
    const { outcome, why, line, column } = note(result, 'learning_rate');
    assert.equal(outcome, 'lost');
    assert.match(why ?? '', /`learning_rate` is -1; it takes a number from 0/);
    assert.deepEqual([line, column], [3, 1]);
  });

  it('of LoRA in LLaMA-Factory scales by twice the rank and covers every layer', () => {
    const result = imported(
      'model_name_or_path: a/b\nstage: sft\nfinetuning_type: lora\nlora_rank: 16\ndataset: d\n',
    );
    assert.equal(field(result, 'method.lora.lora_alpha'), 32);
    assert.equal(field(result, 'method.lora.target_modules'), 'all-linear');
  });

  it('of torchtune brings what AdamW and a missing scheduler mean in PyTorch', () => {
    const result = imported(
      'model: { _component_: torchtune.models.x }\noptimizer: { _component_: torch.optim.AdamW, lr: 1e-4 }\n',
    );
    assert.equal(field(result, 'train.weight_decay'), 0.01);
    assert.equal(field(result, 'train.lr_scheduler_type'), 'constant');
    assert.equal(field(result, 'train.max_grad_norm'), 0);
  });

  it('of a learning-rate schedule keeps its arguments', () => {
    const lowest = imported(
      'base_model: a/b\ndatasets: [{ path: x.txt, type: completion }]\nlr_scheduler: cosine\ncosine_min_lr_ratio: 0.1\n',
    );
    assert.equal(field(lowest, 'train.lr_scheduler_type'), 'cosine_with_min_lr');
    assert.equal(field(lowest, 'train.lr_scheduler_kwargs.min_lr_rate'), 0.1);
    const stable = imported(
      'model_name_or_path: a/b\nstage: sft\ndataset: d\nlr_scheduler_type: warmup_stable_decay\nlr_scheduler_kwargs: { num_decay_steps: 10, min_lr_ratio: 0.1 }\n',
    );
    assert.equal(field(stable, 'train.lr_scheduler_type'), 'warmup_stable_decay');
    assert.equal(field(stable, 'train.lr_scheduler_kwargs.num_decay_steps'), 10);
    const script = imported(
      'TrainingArguments("x", lr_scheduler_type="polynomial", lr_scheduler_kwargs={"power": 2.0})\n',
      'train.py',
    );
    assert.equal(field(script, 'train.lr_scheduler_kwargs.power'), 2);
    const torchtune = imported(
      'model: { _component_: m.x }\nlr_scheduler: { _component_: torchtune.training.lr_schedulers.get_cosine_schedule_with_warmup, num_cycles: 1.5 }\n',
    );
    assert.equal(field(torchtune, 'train.lr_scheduler_kwargs.num_cycles'), 1.5);
  });

  it('of warmup_stable_decay in LLaMA-Factory is what it fills in: a third of what is left at the full rate', () => {
    const wsd = 'model_name_or_path: a/b\nstage: sft\ndataset: d\nlr_scheduler_type: warmup_stable_decay\n';
    const counted = imported(`${wsd}max_steps: 100\nwarmup_ratio: 0.1\n`);
    assert.equal(field(counted, 'train.lr_scheduler_kwargs.num_stable_steps'), 30);
    assert.equal(field(counted, 'train.lr_scheduler_kwargs.num_decay_steps'), 60);
    const half = imported(
      `${wsd}max_steps: 100\nwarmup_steps: 9\nlr_scheduler_kwargs: { num_decay_steps: 5 }\n`,
    );
    assert.equal(field(half, 'train.lr_scheduler_kwargs.num_stable_steps'), 30);
    assert.equal(field(half, 'train.lr_scheduler_kwargs.num_decay_steps'), 5);
    const open = imported(`${wsd}num_train_epochs: 3\n`);
    assert.equal(field(open, 'train.lr_scheduler_kwargs.num_decay_steps'), undefined);
    assert.match(open.text, /# LLaMA-Factory keeps the full rate for a third of the steps/);
  });

  it('of an older LLaMA-Factory is read under its former name, and said', () => {
    const result = imported(
      'model_name_or_path: a/b\nstage: dpo\ndataset: d\ndpo_beta: 0.2\ndpo_loss: ipo\nmax_source_length: 512\nmax_target_length: 256\n',
    );
    assert.equal(field(result, 'method.dpo.beta'), 0.2);
    assert.equal(field(result, 'method.dpo.loss_type'), 'ipo');
    assert.equal(field(result, 'data.max_length'), 768);
    assert.match(
      result.text,
      /# This config is of an older LLaMA-Factory\. Since then `dpo_beta` is `pref_beta`/,
    );
  });

  it('of version 1 of LLaMA-Factory is refused with the names that its fields have in the other', () => {
    assert.throws(
      () => imported('model: a/b\npeft_config: { name: lora, r: 8 }\nmicro_batch_size: 1\n'),
      (error) =>
        error instanceof TunebookError &&
        error.message.includes('version 1') &&
        (error.hint ?? '').includes('`micro_batch_size` is `per_device_train_batch_size`') &&
        error.location?.line === 1,
    );
  });

  it('of a schedule that is not here is lost with the schedules that are', () => {
    const result = imported(
      'base_model: a/b\ndatasets: [{ path: x.txt, type: completion }]\nlr_scheduler: one_cycle\nlr_scheduler_kwargs: { pct_start: 0.1 }\n',
    );
    assert.match(note(result, 'lr_scheduler').why ?? '', /takes one of `linear`, `cosine`/);
    assert.match(note(result, 'lr_scheduler_kwargs').why ?? '', /pct_start/);
  });

  it('of torchtune counts the steps of all epochs', () => {
    const result = imported('model: { _component_: m.x }\nepochs: 3\nmax_steps_per_epoch: 100\n');
    assert.equal(field(result, 'train.max_steps'), 300);
  });

  it('of a script is what its names and sums stand for', () => {
    const script = `
LR = 1e-4
BATCH = 4
args = TrainingArguments(output_dir="x", learning_rate=LR * 2, per_device_train_batch_size=BATCH ** 2,
                         warmup_ratio=0.1, max_grad_norm=compute(), evaluation_strategy="no")
`;
    const result = imported(script, 'train.py');
    assert.equal(field(result, 'train.learning_rate'), 2e-4);
    assert.equal(field(result, 'train.per_device_train_batch_size'), 16);
    assert.equal(field(result, 'train.warmup_steps'), 0.1);
    const lost = note(result, 'TrainingArguments.max_grad_norm');
    assert.equal(lost.why, 'Only running the script tells its value.');
    assert.deepEqual([lost.line, lost.value], [5, 'compute()']);
  });

  for (const [written, problem, format] of [
    [
      'num_labels=6, problem_type="multi_label_classification"',
      'multi_label_classification',
      'multi-label-classification',
    ],
    ['num_labels=1', 'regression', 'regression'],
    ['num_labels=3', undefined, 'classification'],
  ] as const)
    it(`of a classifier in a script says what its outputs mean: ${written}`, () => {
      const script = `
model = AutoModelForSequenceClassification.from_pretrained("a/b", ${written})
rows = load_dataset("csv", data_files={"train": "train.csv"})
args = TrainingArguments("out")
`;
      const result = imported(script, 'train.py');
      assert.equal(field(result, 'model.problem_type'), problem);
      assert.match(result.text, new RegExp(`\\nformat: ${format}\\n`));
    });

  it('of the config of a classifier in a script is carried as well', () => {
    const script = `
config = AutoConfig.from_pretrained("a/b", num_labels=2, problem_type="regression", ignore_mismatched_sizes=True)
model = AutoModelForSequenceClassification.from_pretrained("a/b", config=config)
args = TrainingArguments("out")
`;
    const result = imported(script, 'train.py');
    assert.equal(field(result, 'model.problem_type'), 'regression');
    assert.equal(field(result, 'model.ignore_mismatched_sizes'), true);
  });

  it('that a preference method takes is carried beside the adapter', () => {
    const pairs = {
      pairs: { file_name: 'p.json', ranking: true, columns: { prompt: 'q', chosen: 'yes', rejected: 'no' } },
    };
    const config =
      'model_name_or_path: a/b\nstage: dpo\nfinetuning_type: lora\npref_beta: 0.3\npref_loss: ipo\ndataset: pairs\n';
    const result = imported(config, 'dpo.yaml', pairs);
    assert.equal(field(result, 'method.dpo.beta'), 0.3);
    assert.equal(field(result, 'method.dpo.loss_type'), 'ipo');
    assert.match(
      result.text,
      /\nformat: preference\ncolumns:\n {2}prompt: q\n {2}chosen: yes\n {2}rejected: no\n/,
    );
  });

  it('of ORPO is carried from every tool that has it', () => {
    const axolotl = imported(
      'base_model: a/b\nrl: orpo\norpo_alpha: 0.2\ndatasets: [{ path: a/b, type: chat_template.argilla }]\n',
    );
    assert.equal(field(axolotl, 'method.orpo.beta'), 0.2);
    const pairs = { pairs: { file_name: 'p.json', ranking: true } };
    const factory = imported(
      'model_name_or_path: a/b\nstage: dpo\npref_loss: orpo\npref_beta: 0.3\ndataset: pairs\n',
      'orpo.yaml',
      pairs,
    );
    assert.equal(field(factory, 'method.orpo.beta'), 0.3);
    const script = imported(
      'args = ORPOConfig("out", beta=0.4)\ntrainer = ORPOTrainer(args=args)\n',
      'train.py',
    );
    assert.equal(field(script, 'method.orpo.beta'), 0.4);
  });

  it('that says nothing is passed over', () => {
    const result = imported(
      'base_model: a/b\nwandb_project:\ndatasets: [{ path: x.txt, type: completion }]\n',
    );
    assert.ok(!result.notes.some(({ setting }) => setting === 'wandb_project'));
  });
});

describe('rows of another tool', () => {
  it('that are a part of a split are not evaluated on as a whole', () => {
    const set = (split: string) => `{ _component_: torchtune.datasets.alpaca_dataset, split: "${split}" }`;
    const result = imported(
      `model: { _component_: m.x }\ndataset: ${set('train[:95%]')}\ndataset_val: ${set('train[95%:]')}\nrun_val_every_n_steps: 10\n`,
    );
    assert.match(result.text, /\nfiles:\n {2}train: hf:tatsu-lab\/alpaca\nformat/);
    assert.equal(field(result, 'train.eval_steps'), undefined);
    assert.match(note(result, 'dataset_val').why ?? '', /^A part of a split has no name here/);
  });

  it('of another split and configuration of the Hub are named', () => {
    const result = imported(
      'base_model: a/b\ndatasets: [{ path: c/d, name: en, split: train_sft, type: chat_template }]\n',
    );
    assert.match(result.text, /\n {2}train: hf:c\/d#train_sft\nconfig: en\nformat: chat\n/);
    assert.equal(field(result, 'data.assistant_only_loss'), true);
  });
});

describe('a base in 4 bits', () => {
  it('is one here too', () => {
    const data = 'datasets: [{ path: x.txt, type: completion }]\n';
    const result = imported(`base_model: a/b\n${data}adapter: qlora\nload_in_4bit: true\nlora_r: 4\n`);
    assert.equal(field(result, 'method.quantization.load_in_4bit'), true);
    assert.equal(field(result, 'method.lora.r'), 4);
    assert.equal(note(result, 'load_in_4bit').outcome, 'carried');
  });

  it('is said to be lost where every weight is trained', () => {
    const result = imported(
      'base_model: a/b\nload_in_4bit: true\ndatasets: [{ path: x.txt, type: completion }]\n',
    );
    assert.equal(note(result, 'load_in_4bit').outcome, 'lost');
  });
});

describe('a number in quotes', () => {
  it('is one for what follows from it, too', () => {
    const result = imported(
      '{"model_name_or_path": "a/b", "stage": "sft", "lora_rank": "16", "dataset": "d"}',
      'c.json',
    );
    assert.equal(field(result, 'method.lora.r'), 16);
    assert.equal(field(result, 'method.lora.lora_alpha'), 32);
  });
});

describe('a name with a line break in it', () => {
  it('is told in one line of the comment', () => {
    const result = imported('base_model: a/b\ndatasets: [{ path: x.txt }]\n"odd\\nname: 1\\n": 2\n');
    assert.equal(parseAllDocuments(result.text).flatMap(({ errors }) => errors).length, 0, result.text);
    assert.match(result.text, /^# {3}odd name: 1 : 2 \(line 3\)/m);
  });
});

describe('an empty name of a module', () => {
  it('is told, and no module is adapted by it', () => {
    const lora = 'lora_attn_modules: ["q_proj", ""], apply_lora_to_mlp: True';
    const result = imported(
      `model: { _component_: torchtune.models.llama3.lora_llama3_8b, ${lora} }\ndataset: { _component_: torchtune.datasets.alpaca_dataset }\n`,
    );
    assert.match(note(result, 'model.lora_attn_modules').why ?? '', /^One of its entries is empty/);
    assert.match(result.text, /target_modules: \[gate_proj, up_proj, down_proj\]/);
  });
});
