import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunEventBody } from '../../src/protocol/events.ts';
import { TunebookError } from '../../src/protocol/error.ts';
import { readRun } from '../../src/runs/read.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { RunWriter } from '../../src/runs/writer.ts';
import {
  changedModel,
  evaluateInFolder,
  finishedRun,
  resolvedEvaluate,
  type EvaluationFields,
} from './support/evaluate-in-folder.ts';
import { fixtureFolder } from './support/fixture.ts';
import { resolvedRun } from './support/resolved-run.ts';

const CLASSIFIER = fixtureFolder('bert-classifier');
const ROWS = join(CLASSIFIER, 'train.csv');

/** What an evaluation must say: an error that a person can mend, with its code, the sentence, and the next step. */
interface Complaint {
  code: string;
  message: RegExp;
  hint: RegExp;
}

describe('bad input of an evaluation', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  let count = 0;

  /** A new file or folder name in the workspace. */
  const fresh = (name: string) => join(workspace.path, `${++count}-${name}`);

  async function rejects(
    fields: Partial<EvaluationFields>,
    { code, message, hint }: Complaint,
  ): Promise<void> {
    const evaluation = resolvedEvaluate(workspace.path, {
      candidates: { tuned: { model: CLASSIFIER } },
      file: ROWS,
      ...fields,
    });
    await assert.rejects(evaluateInFolder(workspace.path, evaluation), (error: unknown) => {
      assert.ok(error instanceof TunebookError, `${String(error)} is not meant for people`);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.hint ?? '', hint);
      assert.ok(error.location?.file, 'it says where');
      return true;
    });
  }

  describe('candidates that are runs', () => {
    const run = (reference: string) => ({ candidates: { tuned: { run: reference } } });

    /** A run directory whose process has written these events and has ended, or lives on. */
    function runWith(
      name: string,
      events: RunEventBody[],
      lives = false,
    ): { dir: string; writer: RunWriter } {
      const dir = newRun(workspace.path, { name });
      const writer = new RunWriter(dir);
      for (const event of events) writer.event(event);
      if (!lives) writer.close();
      return { dir, writer };
    }

    it('nothing has run at all', async () => {
      const empty = fresh('empty');
      cpSync(CLASSIFIER, empty, { recursive: true });
      const evaluation = resolvedEvaluate(empty, { ...run('tuned'), file: ROWS });
      await assert.rejects(evaluateInFolder(empty, evaluation), {
        code: 'evaluate/no-such-run',
        message: 'Candidate "tuned": There is no run "tuned". Nothing has run here yet.',
        hint: /Run it first: tunebook run .*test\.tune\.yaml tuned/,
      });
    });

    it('no run has that name: it says which there are', async () => {
      runWith('some-run', [{ type: 'state', state: 'stopped' }]);
      await rejects(run('any-run'), {
        code: 'evaluate/no-such-run',
        message: /Candidate "tuned": There is no run "any-run"\. There are runs of .*some-run/,
        hint: /tunebook run .* any-run/,
      });
    });

    it('no run of that name has that id: it says which have', async () => {
      const { dir } = runWith('known', [{ type: 'state', state: 'stopped' }]);
      await rejects(run('known@20260101T000000Z-known-0000'), {
        code: 'evaluate/no-such-run',
        message: new RegExp(
          `"known" has no run 20260101T000000Z-known-0000\\. Its runs are ${basename(dir)}\\.`,
        ),
        hint: /tunebook run/,
      });
    });

    it('the run still goes on', async () => {
      const { writer } = runWith('going-on', [{ type: 'state', state: 'running' }], true);
      try {
        await rejects(run('going-on'), {
          code: 'evaluate/run-unfinished',
          message:
            /No run of "going-on" has finished: \d+T\d+Z-going-on-[0-9a-f]{4} still goes on \(running\)\./,
          hint: /when it has finished/,
        });
      } finally {
        writer.close();
      }
    });

    it('the run failed: it says why', async () => {
      runWith('failed', [
        { type: 'state', state: 'running' },
        { type: 'error', code: 'run/disk-full', message: 'The disk is full.' },
        { type: 'state', state: 'failed' },
      ]);
      await rejects(run('failed'), {
        code: 'evaluate/run-failed',
        message: /-failed-[0-9a-f]{4} failed: The disk is full\.$/,
        hint: /tunebook show \d+T\d+Z-failed-.*tunebook run .* failed/,
      });
    });

    it('the run was stopped', async () => {
      runWith('stopped', [{ type: 'state', state: 'stopped' }]);
      await rejects(run('stopped'), {
        code: 'evaluate/run-failed',
        message: /was stopped before its end\.$/,
        hint: /run it again/,
      });
    });

    it('the run finished, and its output was removed', async () => {
      runWith('emptied', [{ type: 'state', state: 'finished' }]);
      await rejects(
        { candidates: { tuned: { model: 'run:emptied' } } },
        {
          code: 'evaluate/no-output',
          message: /The run \d+T\d+Z-emptied-[0-9a-f]{4} has finished, but its output\/ was removed/,
          hint: /Run it again/,
        },
      );
    });

    it('a newer run failed: the older one is taken, and said so', async () => {
      const trained = {
        ...resolvedRun({ base: CLASSIFIER, train: ROWS, arguments: { max_steps: 1 } }),
        name: 'twice',
      };
      const older = await finishedRun(workspace.path, trained);
      // Ids begin with their second.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      const { dir: newer } = runWith('twice', [{ type: 'state', state: 'failed' }]);
      const evaluation = resolvedEvaluate(workspace.path, { ...run('twice'), file: ROWS });
      const { outcome, warnings } = await evaluateInFolder(workspace.path, evaluation);
      assert.equal(outcome.result!.sources!['tuned']!.run, readRun(older).id);
      assert.equal(
        warnings[0]!.message,
        `"tuned" is the run ${basename(older)}: the newer ${basename(newer)} failed.`,
      );
    });
  });

  describe('candidates that are folders', () => {
    const model = (folder: string) => ({ candidates: { tuned: { model: folder } } });

    it('there is none', async () => {
      await rejects(model(join(workspace.path, 'nowhere')), {
        code: 'model/missing',
        message: /Candidate "tuned": There is no model folder .*nowhere/,
        hint: /Correct the path of the candidate "tuned" in .*test\.tune\.yaml/,
      });
    });

    it('the model is of another architecture', async () => {
      const folder = changedModel(CLASSIFIER, fresh('t5'), {
        config: (fields) => ({ ...fields, model_type: 't5' }),
      });
      await rejects(model(folder), {
        code: 'model/unknown-architecture',
        message: /Candidate "tuned": The model is of type "t5", which the trainer does not compute yet/,
        hint: /Known types: bert/,
      });
    });

    it('the weights are of another architecture than config.json says', async () => {
      const folder = changedModel(CLASSIFIER, fresh('renamed'), {
        weights: (tensors) => {
          for (const [name, tensor] of [...tensors]) {
            tensors.delete(name);
            tensors.set(name.replace('bert.encoder.layer', 'distilbert.transformer.layer'), tensor);
          }
        },
      });
      await rejects(model(folder), {
        code: 'model/missing-weights',
        message: /lack bert\.encoder\.layer\.0\.attention\.self\.query\.weight, .* and \d+ more/,
        hint: /of different models/,
      });
    });

    it('the weights are of another size than config.json says', async () => {
      const folder = changedModel(CLASSIFIER, fresh('narrow'), {
        config: (fields) => ({ ...fields, hidden_size: 16 }),
      });
      await rejects(model(folder), {
        code: 'model/shape-mismatch',
        message: /is \[60, 32\] in .*, but the config asks for \[60, 16\]/,
        hint: /different models/,
      });
    });

    it('the weights are cut short', async () => {
      const folder = changedModel(CLASSIFIER, fresh('truncated'), {});
      truncateSync(join(folder, 'model.safetensors'), 50_000);
      await rejects(model(folder), {
        code: 'safetensors/truncated',
        message: /Candidate "tuned": .*model\.safetensors/,
        hint: /again/,
      });
    });

    it('there are no weights', async () => {
      const folder = changedModel(CLASSIFIER, fresh('weightless'), {});
      rmSync(join(folder, 'model.safetensors'));
      await rejects(model(folder), { code: 'model/no-weights', message: /holds no safetensors/, hint: /./ });
    });

    it('there is no tokenizer', async () => {
      const folder = changedModel(CLASSIFIER, fresh('mute'), {});
      rmSync(join(folder, 'tokenizer.json'));
      await rejects(model(folder), {
        code: 'tokenizer/missing',
        message: /holds no tokenizer/,
        hint: /Copy/,
      });
    });

    it('the tokenizer has more tokens than the model', async () => {
      const folder = changedModel(CLASSIFIER, fresh('small-vocabulary'), {
        config: (fields) => ({ ...fields, vocab_size: 50 }),
        weights: (tensors) => {
          const name = 'bert.embeddings.word_embeddings.weight';
          tensors.set(name, { shape: [50, 32], data: tensors.get(name)!.data.slice(0, 50 * 32) });
        },
      });
      await rejects(model(folder), {
        code: 'model/vocabulary-mismatch',
        message:
          /The tokenizer in .* has 60 tokens, but the model's embedding has only 50 rows \(vocab_size in .*config\.json\): 10 tokens have no row/,
        hint: /another model/,
      });
    });

    it('config.json names more labels than the classifier has outputs', async () => {
      const folder = changedModel(CLASSIFIER, fresh('six-labels'), {
        config: ({ id2label, ...fields }) => ({
          ...fields,
          id2label: Object.assign({}, id2label, { 5: 'foxtrot' }),
        }),
      });
      await rejects(model(folder), {
        code: 'model/bad-config',
        message: /names 6 labels in id2label, but the classifier has 5 outputs/,
        hint: /saved with the weights/,
      });
    });

    it('the weights are not numbers', async () => {
      const folder = changedModel(CLASSIFIER, fresh('nan'), {
        weights: (tensors) => void tensors.get('classifier.bias')!.data.fill(NaN),
      });
      await rejects(model(folder), {
        code: 'evaluate/not-a-number',
        message:
          /The answer of "tuned" to .*train\.csv:\d+ is not a number: its weights in .*-nan are damaged/,
        hint: /leave the candidate out/,
      });
    });
  });

  describe('candidates that are adapters', () => {
    function adapter(fields: Record<string, unknown>): { candidates: EvaluationFields['candidates'] } {
      const folder = fresh('adapter');
      cpSync(join(CLASSIFIER, 'lora'), folder, { recursive: true });
      const file = join(folder, 'adapter_config.json');
      // SAFETY: PEFT wrote an object there.
      const own = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      writeFileSync(file, JSON.stringify({ ...own, base_model_name_or_path: CLASSIFIER, ...fields }));
      return { candidates: { tuned: { model: folder } } };
    }

    it('one that PEFT saved is taken as it is', async () => {
      const evaluation = resolvedEvaluate(workspace.path, { ...adapter({}), file: ROWS });
      const { outcome, warnings } = await evaluateInFolder(workspace.path, evaluation);
      assert.equal(outcome.state, 'finished');
      assert.deepEqual(warnings, []);
    });

    it('the model that it was trained on is gone', async () => {
      await rejects(adapter({ base_model_name_or_path: join(workspace.path, 'gone') }), {
        code: 'model/no-adapter-base',
        message: /The model that the adapter was trained on is not there any more: .*gone/,
        hint: /base_model_name_or_path in .*adapter_config\.json/,
      });
      await rejects(adapter({ base_model_name_or_path: null }), {
        code: 'model/no-adapter-base',
        message: /does not say which model/,
        hint: /base_model_name_or_path/,
      });
    });

    it('it asks for what is not computed', async () => {
      for (const fields of [{ bias: 'some' }, { lora_bias: true }, { peft_type: 'IA3' }]) {
        const [name] = Object.keys(fields);
        await rejects(adapter(fields), {
          code: 'model/adapter-unsupported',
          message: new RegExp(`The adapter has ${name}: .*, which the trainer does not compute`),
          hint: /Merge the adapter/,
        });
      }
    });

    it('it holds weights of modules that its config does not name', async () => {
      await rejects(adapter({ target_modules: ['query'] }), {
        code: 'model/adapter-unsupported',
        message: /holds weights that have no place in its base model: .*value\.lora_A\.weight/,
        hint: /settings that the trainer does not compute/,
      });
    });

    it('its config says that it trained biases, and it holds none', async () => {
      for (const [bias, first] of [
        ['all', 'bert.embeddings.LayerNorm.bias'],
        ['lora_only', 'bert.encoder.layer.0.attention.self.query.bias'],
      ]) {
        await rejects(adapter({ bias }), {
          code: 'model/missing-weights',
          message: new RegExp(`lack ${first}, which adapter_config\\.json asks for`),
          hint: /Older versions of PEFT did not save the biases/,
        });
      }
    });

    it('its config names modules that it holds no weights of', async () => {
      await rejects(adapter({ target_modules: ['query', 'value', 'key'] }), {
        code: 'model/missing-weights',
        message: /lack .*key\.lora_A\.weight, which adapter_config\.json asks for/,
        hint: /different adapters/,
      });
    });
  });

  describe('data', () => {
    function data(content: string, name = 'rows.csv'): { file: string } {
      const file = fresh(name);
      writeFileSync(file, content);
      return { file };
    }

    it('has no labels: the data set is plain text', async () => {
      await rejects(
        { format: 'text' },
        {
          code: 'evaluate/metric-misfit',
          message: /measures `accuracy`, but the rows of rows hold whole texts/,
          hint: /rows of format text these can be measured: perplexity/,
        },
      );
    });

    it('has no column of labels', async () => {
      await rejects(data('text,kind\nlo tu,alpha\n'), {
        code: 'data/missing-column',
        message: /has no column "label" for the label; it has text and kind/,
        hint: /columns: \{ label: … \}/,
      });
    });

    it('has a row without a label', async () => {
      await rejects(data('text,label\nlo tu,alpha\npe,\n'), {
        code: 'data/empty-label',
        message: /Line 3 of .*rows\.csv has no label/,
        hint: /Fill in the label/,
      });
    });

    it('has no rows', async () => {
      await rejects(data('text,label\n'), {
        code: 'data/empty',
        message: /rows\.test is empty: .*rows\.csv has a header \(text and label\) but no rows/,
        hint: /./,
      });
      await rejects(data(''), { code: 'data/empty', message: /no rows and no header/, hint: /./ });
    });

    it('is not there', async () => {
      await rejects(
        { file: join(workspace.path, 'nothing.csv') },
        {
          code: 'file/missing',
          message: /nothing\.csv does not exist/,
          hint: /files:/,
        },
      );
    });

    it('has labels that no candidate knows: all are named, and the first is found', async () => {
      const { file } = data('text,label\nlo,alpha\npe,golf\ntu,hotel\n');
      await rejects(
        { file },
        {
          code: 'evaluate/unknown-label',
          message: new RegExp(
            `rows\\.test has 2 labels that "tuned" does not have: "golf" and "hotel"; the first stands in line 3 of ${file}\\.`,
          ),
          hint: /Known labels are "alpha", "bravo", "charlie", "delta" and "echo"/,
        },
      );
    });

    it('lists other labels than the candidate was trained for', async () => {
      await rejects(
        { labels: ['alpha', 'bravo', 'charlie', 'delta'] },
        {
          code: 'evaluate/labels-differ',
          message: /`labels:` of rows\.test and "tuned" have different labels: only "tuned" has "echo"\./,
          hint: /trained for the same labels/,
        },
      );
    });

    it('shows fewer labels than a candidate without names has outputs', async () => {
      const folder = changedModel(CLASSIFIER, fresh('unnamed'), {
        config: ({ id2label: _id2label, ...fields }) => fields,
      });
      const { file } = data('text,label\nlo,alpha\npe,bravo\n');
      await rejects(
        { file, candidates: { tuned: { model: folder } } },
        {
          code: 'evaluate/label-count',
          message: /"tuned" has 5 outputs without names, but there are 2 labels: "alpha" and "bravo"/,
          hint: /List all labels in `labels:`/,
        },
      );
    });
  });
});
