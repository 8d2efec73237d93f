import assert from 'node:assert/strict';
import { labelsAt } from '../testing/complete-at.ts';
import { CORPUS, PRETRAIN, RUN, DATASET, stream } from '../testing/example.ts';
import { hoverAt } from '../testing/hover-at.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const TAGGED =
  'dataset: names\nfiles: { train: train.csv, test: test.csv }\nformat: tokens\ncolumns: { tokens: text, tags: intent }\n';
const TAGGER =
  'run: tagger\nmodel: { base: base, task: token-classification, num_labels: 3 }\ndata: { train: names.train }\n';
const evaluation = (rest: string, candidates = '{ a: { run: tagger } }') =>
  `evaluate: e\ndata: names.test\ncandidates: ${candidates}\n${rest}`;
const KNOWN = '`f1`, `precision`, `recall`, `macro_f1`, `accuracy` and `latency`';

describe('an evaluation of tagged words', () => {
  for (const metrics of [
    '',
    'metrics: [f1, precision, recall, macro_f1, accuracy, latency]\n',
    'limit: 20\n',
  ])
    it(`is right${metrics && `: ${metrics.trim()}`}`, async () => {
      const found = await diagnose(stream(TAGGED, TAGGER, evaluation(metrics)));
      assert.deepEqual(found.map(summary), []);
    });

  it('with a metric of other rows: at that metric, with what fits', () =>
    expectProblem(stream(TAGGED, TAGGER, evaluation('metrics: [f1, «micro_f1»]\n')), {
      code: 'tune/wrong-format',
      message: `\`names.test\` has tagged words (\`format: tokens\`), which \`micro_f1\` does not measure. Measure some of ${KNOWN}.`,
      fix: 'Change to macro_f1',
      becomes: 'metrics: [f1, macro_f1]',
    }));

  it('with a metric of written answers', () =>
    expectProblem(stream(TAGGED, TAGGER, evaluation('metrics:\n  - «rouge1»\n')), {
      code: 'tune/wrong-format',
      message: `\`names.test\` has tagged words (\`format: tokens\`), which \`rouge1\` does not measure. Measure some of ${KNOWN}.`,
      fix: 'Change to f1',
    }));

  it('with a run of another task', () =>
    expectProblem(
      stream(CORPUS, PRETRAIN, TAGGED, evaluation('metrics: [latency]\n', '{ a: { run: «pretrain» } }')),
      {
        code: 'tune/wrong-format',
        message:
          'The run `pretrain` has the task `fill-mask`, but `names.test` has tagged words (`format: tokens`), which need `token-classification`. Take another run, or other rows.',
      },
    ));

  it('with a run that gives labels to texts', () =>
    expectProblem(
      stream(DATASET, RUN, TAGGED, evaluation('', '{ a: { model: base }, b: { run: «full» } }')),
      {
        code: 'tune/wrong-format',
        message:
          'The run `full` has the task `text-classification`, but `names.test` has tagged words (`format: tokens`), which need `token-classification`. Take another run, or other rows.',
      },
    ));

  it('with a candidate that writes', () =>
    expectProblem(
      stream(
        TAGGED,
        TAGGER,
        evaluation('', '{ a: { run: tagger }, b: { model: base, «generation»: { max_new_tokens: 3 } } }'),
      ),
      {
        code: 'tune/wrong-format',
        message:
          'A candidate with `generation` writes its answers, and no tag of a word can be read from them, as `names.test` (`format: tokens`) needs. Give a `run` or a `model` of the task `token-classification`; to compare written answers, keep the entities of each row as its `completion` (`format: prompt-completion`).',
        fix: 'Remove generation',
        becomes: 'b: { model: base }',
      },
    ));

  it('with assertions', () =>
    expectProblem(stream(TAGGED, TAGGER, evaluation('«assertions»: { polite: { contains: please } }\n')), {
      code: 'tune/wrong-format',
      message: '`assertions` are about written answers, and taggers write none. Remove them.',
      fix: 'Remove assertions',
    }));

  it('may be of rows that do not say what they are', async () => {
    const found = await diagnose(stream(TAGGED.replace('format: tokens\n', ''), TAGGER, evaluation('')));
    assert.deepEqual(
      found.filter(({ code }) => code === 'tune/wrong-format'),
      [],
    );
  });
});

describe('a metric of entities', () => {
  it('needs tagged words', () =>
    expectProblem(
      stream(
        DATASET,
        RUN,
        'evaluate: e\ndata: «intents.test»\ncandidates: { a: { run: full } }\nmetrics: [f1]\n',
      ),
      {
        code: 'tune/wrong-format',
        message:
          '`intents.test` has `format: classification`; the metric `f1` needs `format: tokens`. Take another data set, or other metrics.',
      },
    ));

  it('is proposed for tagged words, and no other is', async () => {
    const at = stream(TAGGED, 'evaluate: e\ndata: names.test\nmetrics: [f1, |]\n');
    assert.deepEqual(await labelsAt(at), ['accuracy', 'macro_f1', 'precision', 'recall', 'latency']);
  });

  it('says at the cursor what it counts', async () => {
    const found = await hoverAt('evaluate: a\nmetrics: [precision, f|1]\n');
    assert.match(found?.markdown ?? '', /F1 of entities in tagged words, .* as seqeval counts it/);
  });

  it('is not proposed for labelled texts', async () => {
    const labels = await labelsAt(stream(DATASET, 'evaluate: e\ndata: intents.test\nmetrics: [|]\n'));
    assert.ok(labels.includes('accuracy') && labels.includes('rouge1'));
    for (const other of ['f1', 'precision', 'mse', 'samples_f1']) assert.ok(!labels.includes(other), other);
  });
});
