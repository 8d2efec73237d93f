import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEvaluate } from '../../src/language/resolved.ts';
import { TunebookError } from '../../src/protocol/error.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { evaluateInFolder, resolvedEvaluate } from './support/evaluate-in-folder.ts';

const CHOICE = `output_type: multiple_choice
doc_to_text: "the {{ thing }} is"
doc_to_choice: "{{ colors }}"
doc_to_target: answer
`;

describe('an evaluation on a benchmark', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const at = (name: string) => join(workspace.path, name);

  before(() => {
    writeCausalModel(at('base'));
    const rows = [
      { thing: 'sky', colors: ['blue', 'red'], answer: 0 },
      { thing: 'grass', colors: ['red', 'green', 'blue'], answer: 1 },
      { thing: 'blood', colors: ['red', 'green sky'], answer: 0 },
    ];
    writeFileSync(at('rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  });

  const evaluation = (task: string, fields: Partial<ResolvedEvaluate> = {}): ResolvedEvaluate => {
    writeFileSync(at('task.yaml'), task);
    return {
      ...resolvedEvaluate(workspace.path, {
        candidates: { base: { model: at('base') }, same: { model: at('base') } },
        file: at('rows.jsonl'),
        format: 'auto',
        metrics: [],
      }),
      benchmark: at('task.yaml'),
      ...fields,
    };
  };

  it('lets models choose, keeps prompts, likelihoods and scores, and compares as accuracy is compared', async () => {
    const { outcome, records } = await evaluateInFolder(workspace.path, evaluation(CHOICE));
    const { result } = outcome;
    assert.deepEqual(Object.keys(result!.candidates['base']!), ['acc', 'acc_norm']);
    assert.equal(result!.pairs[0]?.test, 'mcnemar-exact');
    for (const [row, { outputs, reference, input }] of records.entries()) {
      const { base } = outputs;
      assert.equal(base?.prompt, input);
      assert.equal(base.logLikelihoods?.length, [2, 3, 2][row]);
      assert.equal(base.correct, base.output === reference);
      assert.equal(base.scores?.['acc'], Number(base.correct));
    }
    const right = records.filter(({ outputs }) => outputs['base']?.correct).length;
    assert.equal(result!.candidates['base']!['acc']!.value, right / 3);
  });

  it('has texts written up to what ends them', async () => {
    const task = `doc_to_text: "the {{ thing }} is"
doc_to_target: "{{ colors[answer] }}"
generation_kwargs: { until: ["never"], max_gen_toks: 2 }
`;
    const { outcome, records } = await evaluateInFolder(workspace.path, evaluation(task));
    assert.deepEqual(Object.keys(outcome.result!.candidates['base']!), ['exact_match']);
    assert.ok(records.every(({ outputs }) => outputs['base']!.outputTokens! <= 2));
    assert.deepEqual(
      records.map(({ reference }) => reference),
      ['blue', 'green', 'red'],
    );
  });

  describe('that cannot be', () => {
    const fails = async (asked: ResolvedEvaluate, message: RegExp, line?: number) => {
      await assert.rejects(evaluateInFolder(workspace.path, asked), (error) => {
        assert.ok(error instanceof TunebookError, String(error));
        assert.match(`${error.message} ${error.hint}`, message);
        if (line !== undefined) assert.equal(error.location?.line, line);
        return true;
      });
    };

    it('says which field is not carried out, and where it stands', async () => {
      await fails(evaluation(`${CHOICE}filter_list: []\n`), /field `filter_list`.*not carried out/, 5);
      await fails(evaluation(`${CHOICE}process_docs: !function utils.f\n`), /Python function/, 5);
      await fails(evaluation(`${CHOICE}num_fewshot: two\n`), /`num_fewshot`/, 5);
      await fails(evaluation(`${CHOICE}num_fewshot: 2\n`), /does not say of which split/, 5);
      await fails(evaluation('doc_to_text: [\n'), /no YAML/);
      await fails(
        evaluation('output_type: multiple_choice\ndoc_to_text: a\ndoc_to_target: b\n'),
        /no choices/,
        1,
      );
    });

    it('says which row does not fit', async () => {
      await fails(
        evaluation(CHOICE.replace('answer', '7')),
        /Line 1 of .* answer 7, which is none of its choices/,
        1,
      );
      await fails(evaluation(CHOICE.replace('colors', 'thing')), /"sky".* no list of texts/, 1);
      await fails(evaluation(CHOICE.replace('{{ thing', '{{ thign')), /reads "thign".* has thing/, 1);
    });

    it('says which metric, which prompt and which candidate does not fit', async () => {
      await fails(evaluation(`${CHOICE}metric_list: [{ metric: mcc }]\n`), /`mcc`, which is not measured/);
      await fails(evaluation(CHOICE, { metrics: ['bleu'] }), /`bleu`.*acc, acc_norm, acc_bytes/);
      const endpoint = {
        base_url: 'http://127.0.0.1:1/v1',
        model: 'm',
        timeout: 1,
        max_retries: 0,
        max_concurrency: 1,
      };
      await fails(evaluation(CHOICE, { candidates: { far: { endpoint } } }), /"far".*how likely/);
    });
  });
});
