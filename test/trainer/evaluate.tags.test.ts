import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEvaluate } from '../../src/language/resolved.ts';
import { TunebookError } from '../../src/protocol/error.ts';
import type { EvaluationResult } from '../../src/protocol/evaluation.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { readRecords } from '../../src/trainer/evaluate/record-log.ts';
import { changedModel, evaluateInFolder, resolvedEvaluate } from './support/evaluate-in-folder.ts';
import { root as families } from './support/family-case.ts';
import { fixtureFolder } from './support/fixture.ts';

const TAGS = ['O', 'B-x', 'I-x', 'B-y', 'I-y'];
const CLASSIFIER = fixtureFolder('bert-classifier');
const WORDS = ['ba', 'be', 'tu', 'lo', 'pe', 'li'];

describe('an evaluation of taggers', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  let count = 0;

  /** A folder with a tagger whose outputs have these names, and a tokenizer. */
  function tagger(labels = TAGS, config: Record<string, unknown> = {}): string {
    const folder = join(workspace.path, `tagger-${++count}`);
    const id2label = Object.fromEntries(labels.entries());
    changedModel(join(families, 'bert-tokens'), folder, {
      config: (fields) => ({ ...fields, id2label, ...config }),
    });
    for (const name of ['tokenizer.json', 'tokenizer_config.json', 'vocab.txt'])
      if (existsSync(join(CLASSIFIER, name))) cpSync(join(CLASSIFIER, name), join(folder, name));
    return folder;
  }

  /** A data file of tagged words. */
  function data(rows: readonly { tokens: unknown; ner_tags: unknown }[]): string {
    const file = join(workspace.path, `rows-${++count}.jsonl`);
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return file;
  }

  /** Sentences of one to nine words; each word has a tag. */
  const sentences = Array.from({ length: 120 }, (_, i) => {
    const tokens = Array.from({ length: 1 + (i % 9) }, (__, k) => WORDS[(i * 5 + k * k) % 6]!);
    return { tokens, ner_tags: tokens.map((___, k) => TAGS[(i + 3 * k) % 5]!) };
  });

  const evaluation = (fields: Partial<Parameters<typeof resolvedEvaluate>[1]> = {}): ResolvedEvaluate =>
    resolvedEvaluate(workspace.path, {
      candidates: { tuned: { model: tagger() } },
      file: data(sentences),
      format: 'tokens',
      columns: { tokens: 'tokens', tags: 'ner_tags' },
      metrics: ['f1', 'accuracy'],
      ...fields,
    });

  it('keeps each row with its entities, right and given, and the tag of each word', async () => {
    const { records, outcome } = await evaluateInFolder(workspace.path, evaluation());
    assert.equal(records.length, 120);
    const { perLabel, candidates } = outcome.result!;
    assert.deepEqual(
      perLabel!['tuned']!.map(({ label }) => label),
      ['x', 'y'],
    );
    let right = 0;
    for (const { index, input, reference, spans, outputs } of records) {
      const { tokens, ner_tags } = sentences[index]!;
      assert.equal(input, tokens.join(' '));
      const shown = spans!.map(({ start, end, type }) => `${input.slice(start, end)} (${type})`);
      assert.equal(reference, shown.join(', ') || '(none)');
      const { values, correct, scores, spans: given, output } = outputs['tuned']!;
      const tags = values!.map((tag) => TAGS[tag]);
      const same = tags.filter((tag, word) => tag === ner_tags[word]).length;
      right += same;
      assert.ok(Math.abs(scores!['accuracy']! - same / tags.length) < 1e-6);
      assert.equal(correct, JSON.stringify(given) === JSON.stringify(spans), output);
    }
    const words = sentences.reduce((sum, { tokens }) => sum + tokens.length, 0);
    assert.ok(Math.abs(candidates['tuned']!['accuracy']!.value - right / words) < 1e-12);
  });

  it('stops between two batches, and goes on to the same result', async () => {
    const asked = evaluation({ candidates: { one: { model: tagger() }, other: { model: tagger(TAGS) } } });
    const undisturbed = (await evaluateInFolder(workspace.path, asked)).outcome.result;
    const stopped = await evaluateInFolder(workspace.path, asked, { stopAtLook: 4 });
    assert.equal(stopped.outcome.state, 'stopped');
    assert.ok(stopped.records.length > 0 && stopped.records.length < 120);
    const { outcome, dir } = await evaluateInFolder(workspace.path, asked, { dir: stopped.dir });
    assert.deepEqual(outcome.result, undisturbed);
    assert.equal(readRecords(readFileSync(join(dir, 'records.jsonl'))).records.length, 240);
  });

  it('does not go on with other tags than it began with', async () => {
    const file = data(sentences);
    const asked = evaluation({ file });
    const { dir } = await evaluateInFolder(workspace.path, asked);
    const [first, ...rest] = sentences;
    assert.deepEqual(first!.ner_tags, ['O']);
    const changed = [{ tokens: first!.tokens, ner_tags: ['B-y'] }, ...rest];
    writeFileSync(file, changed.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await assert.rejects(evaluateInFolder(workspace.path, asked, { dir }), {
      code: 'evaluate/changed',
      message: /the example 0 in .*records\.jsonl is another one now/,
    });
  });

  it('counts what lies beyond its length as missed, and says how much', async () => {
    const tokens = [...Array.from({ length: 45 }, () => 'ba'), 'tu'];
    const long = { tokens, ner_tags: tokens.map(() => 'B-x') };
    const file = data([
      long,
      { tokens: ['', 'ba'], ner_tags: ['B-x', 'O'] },
      { tokens: [''], ner_tags: ['O'] },
    ]);
    const asked = evaluation({ file });
    const { outcome, warnings, records, dir } = await evaluateInFolder(workspace.path, asked);
    // 40 places, two of them for [CLS] and [SEP].
    assert.match(
      warnings.map(({ message }) => message).join('\n'),
      /"tuned" reads 40 tokens: 8 words at the ends of 1 of 3 rows \(33\.3 %\) were cut off for it, and count as missed\./,
    );
    assert.deepEqual(outcome.result!.sources!['tuned']!.notes?.slice(0, 1), [
      '10 words in 3 rows count as missed: beyond the 40 tokens that it reads, or nothing to its tokenizer.',
    ]);
    const unread = records.map(({ outputs }) => outputs['tuned']!.values!.filter((tag) => tag === -1).length);
    assert.deepEqual(unread, [8, 1, 1]);
    assert.equal(records[2]!.outputs['tuned']!.score, 1);
    const again = await evaluateInFolder(workspace.path, asked, { dir });
    assert.deepEqual(again.outcome.result, outcome.result);
  });

  it('answers rows of which nothing is read, though there is nothing to compute', async () => {
    const file = data([{ tokens: [''], ner_tags: ['B-x'] }]);
    const { outcome, records } = await evaluateInFolder(workspace.path, evaluation({ file }));
    assert.equal(outcome.result!.candidates['tuned']!['f1']!.value, 0);
    const { values, latency } = records[0]!.outputs['tuned']!;
    assert.deepEqual({ values, latency }, { values: [-1], latency: 0 });
    assert.match(outcome.result!.sources!['tuned']!.notes!.join(' '), /It gives no word a tag but O/);
  });

  it('leaves rows without a word out, and says how many', async () => {
    const none = { tokens: [], ner_tags: [] };
    const file = data([none, ...sentences, none]);
    const { records, warnings } = await evaluateInFolder(workspace.path, evaluation({ file }));
    assert.equal(records.length, 120);
    assert.match(records[0]!.source, /:2$/);
    assert.match(
      warnings.map(({ message }) => message).join(),
      /2 of the rows .* have no word and were left out/,
    );
  });

  it('takes some of the rows, the same ones for every candidate', async () => {
    const { records } = await evaluateInFolder(workspace.path, evaluation({ limit: 20 }));
    assert.equal(records.length, 20);
  });

  it('matches outputs in another order by their names', async () => {
    const turned = [...TAGS].reverse();
    const asked = evaluation({
      candidates: { tuned: { model: tagger() }, turned: { model: tagger(turned) } },
    });
    const { records } = await evaluateInFolder(workspace.path, asked);
    for (const { outputs } of records)
      assert.deepEqual(
        outputs['turned']!.values!.map((tag) => TAGS[tag]),
        outputs['tuned']!.values!.map((tag) => turned[tag]),
      );
  });

  it('takes an adapter of PEFT, by what it was made for', async () => {
    const folder = join(workspace.path, `adapter-${++count}`);
    const lora = join(families, 'bert-tokens', 'lora');
    cpSync(lora, folder, { recursive: true });
    const settings = join(folder, 'adapter_config.json');
    // SAFETY: PEFT writes an object.
    const fields = JSON.parse(readFileSync(settings, 'utf8')) as Record<string, unknown>;
    writeFileSync(settings, JSON.stringify({ ...fields, base_model_name_or_path: tagger() }));
    const { records } = await evaluateInFolder(
      workspace.path,
      evaluation({ candidates: { base: { model: tagger() }, adapter: { model: folder } } }),
    );
    for (const { outputs } of records)
      assert.notEqual(outputs['adapter']!.score, outputs['base']!.score, 'it computes something else');
    const texts = { file: join(CLASSIFIER, 'train.csv'), columns: { text: 'text', label: 'label' } };
    const asked = { candidates: { adapter: { model: folder } }, format: 'classification' as const };
    await assert.rejects(
      evaluateInFolder(workspace.path, evaluation({ ...asked, ...texts, metrics: ['accuracy'] })),
      { code: 'evaluate/other-task' },
    );
  });

  it('gives a model without a head one by chance, and says so', async () => {
    const base = fixtureFolder('bert-mlm');
    const asked = evaluation({ candidates: { base: { model: base } } });
    const { warnings, outcome } = await evaluateInFolder(workspace.path, asked);
    assert.match(warnings[0]!.message, /"base" was not trained to tag words: its head is random/);
    // SAFETY: the evaluation has finished.
    const { sources } = outcome.result as EvaluationResult;
    assert.match(sources!['base']!.notes![0]!, /random/);
  });

  it('reads tags of another scheme as seqeval does, and says so', async () => {
    const tags = ['O', 'B-x', 'I-x', 'L-x', 'U-x'];
    const file = data([{ tokens: ['ba', 'be', 'tu'], ner_tags: ['B-x', 'L-x', 'O'] }]);
    const asked = evaluation({ file, candidates: { tuned: { model: tagger(tags) } } });
    const { warnings, records } = await evaluateInFolder(workspace.path, asked);
    const [warning] = warnings.filter(({ code }) => code === 'evaluate/strange-tags');
    assert.match(warning?.message ?? '', /"L-x" and "U-x" are no tags of the schemes that seqeval reads/);
    assert.match(warning?.hint ?? '', /BIOES/);
    assert.equal(records[0]!.reference, 'ba be (x)');
  });

  describe('bad input', () => {
    async function rejects(
      fields: Partial<Parameters<typeof resolvedEvaluate>[1]>,
      { code, message, hint }: { code: string; message: RegExp; hint: RegExp },
    ): Promise<void> {
      await assert.rejects(evaluateInFolder(workspace.path, evaluation(fields)), (error: unknown) => {
        assert.ok(error instanceof TunebookError, String(error));
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.match(error.hint ?? '', hint);
        assert.ok(error.location?.file, 'it says where');
        return true;
      });
    }

    it('a text classifier as a candidate', () =>
      rejects(
        { candidates: { tuned: { model: CLASSIFIER } } },
        {
          code: 'evaluate/other-task',
          message: /Candidate "tuned": The model in .*bert-classifier gives a label to a whole text/,
          hint: /trained for token-classification/,
        },
      ));

    it('a tagger as a candidate on labelled texts, where its head could pass for one of texts', async () => {
      const folder = join(workspace.path, `llama-${++count}`);
      changedModel(join(families, 'llama-tokens'), folder, {});
      cpSync(join(CLASSIFIER, 'tokenizer.json'), join(folder, 'tokenizer.json'));
      await rejects(
        {
          candidates: { tuned: { model: folder } },
          format: 'classification',
          columns: { text: 'text', label: 'label' },
          file: join(CLASSIFIER, 'train.csv'),
          metrics: ['accuracy'],
        },
        {
          code: 'evaluate/other-task',
          message:
            /gives a tag to each word \(task token-classification\), but the rows have a label for each text/,
          hint: /trained for text-classification/,
        },
      );
    });

    it('rows with other tags than the model', () =>
      rejects(
        { file: data([...sentences, { tokens: ['ba'], ner_tags: ['B-z'] }]) },
        {
          code: 'evaluate/unknown-label',
          message: /a label that "tuned" does not have: "B-z"; the first stands in line 121/,
          hint: /Known labels are/,
        },
      ));

    it('taggers with different tags', () =>
      rejects(
        {
          candidates: {
            one: { model: tagger() },
            other: { model: tagger(['O', 'B-x', 'I-x', 'B-z', 'I-z']) },
          },
        },
        {
          code: 'evaluate/labels-differ',
          message: /only "one" has "B-y" and "I-y"; only "other" has "B-z" and "I-z"/,
          hint: /leave one out/,
        },
      ));

    it('no entity at all, in the data or in what `limit` leaves of them', async () => {
      const plain = sentences.map(({ tokens }) => ({ tokens, ner_tags: tokens.map(() => 'O') }));
      await rejects(
        { file: data(plain) },
        {
          code: 'evaluate/no-entities',
          message:
            /None of 120 rows of rows\.test has an entity: every word is tagged "O", so .* `f1` to count/,
          hint: /accuracy/,
        },
      );
      await rejects(
        { file: data([...plain, ...sentences.slice(0, 1)]), limit: 2 },
        {
          code: 'evaluate/no-entities',
          message: /None of the 2 rows that `limit` leaves of rows\.test/,
          hint: /Raise `limit`/,
        },
      );
      const file = data(plain);
      const { outcome } = await evaluateInFolder(workspace.path, evaluation({ file, metrics: ['accuracy'] }));
      assert.equal(outcome.state, 'finished');
    });

    it('tags that are no tags of entities', () =>
      rejects(
        {
          candidates: { tuned: { model: tagger(['DET', 'NOUN', 'VERB', 'ADJ', 'X']) } },
          file: data([{ tokens: ['ba', 'be'], ner_tags: ['DET', 'NOUN'] }]),
        },
        {
          code: 'evaluate/no-entities',
          message: /The tags of rows\.test \("DET", .*\) are no tags of entities/,
          hint: /metrics: \[accuracy\]/,
        },
      ));

    it('no word in any row', () =>
      rejects(
        { file: data([{ tokens: [], ner_tags: [] }]) },
        { code: 'evaluate/no-words', message: /The only row of rows\.test has no word/, hint: /columns/ },
      ));

    it('lists of different length', () =>
      rejects(
        { file: data([...sentences, { tokens: ['ba', 'be'], ner_tags: ['O'] }]) },
        { code: 'data/unequal-lists', message: /Line 121 of .* has 2 tokens and 1 tags/, hint: /one tag/ },
      ));

    it('a candidate that writes, and metrics of what is written', async () => {
      const endpoint = { base_url: 'http://x', model: 'm', timeout: 1, max_retries: 0, max_concurrency: 1 };
      await rejects(
        { candidates: { tuned: { model: tagger() }, asked: { endpoint } } },
        { code: 'evaluate/unsupported', message: /"asked" writes its answers/, hint: /token-classification/ },
      );
      await rejects(
        { metrics: ['f1', 'rouge1'] },
        { code: 'evaluate/unsupported', message: /`rouge1` is of other rows/, hint: /f1, precision, recall/ },
      );
    });
  });
});
