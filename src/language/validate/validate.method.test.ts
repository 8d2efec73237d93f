import assert from 'node:assert/strict';
import { CORPUS, stream, WORLD } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const PAIRS = 'dataset: pairs\nfiles: { train: pairs.jsonl }\nformat: preference\n';
const run = (method: string, split = 'pairs.train', task = 'text-generation') =>
  `run: prefer\nmodel: { base: base, task: ${task} }\ndata: { train: ${split} }\nmethod: ${method}\n`;
const withColumns = (...columns: string[]) => ({
  data: { ...WORLD.data, '/w/pairs.jsonl': { rows: 900, columns } },
});
const usual = withColumns('prompt', 'chosen', 'rejected');

describe('a method that learns from pairs', () => {
  it('stands beside what is trained', async () => {
    for (const method of [
      '{ lora: { r: 8 }, dpo: { beta: 0.2 } }',
      '{ full: {}, dpo: {} }',
      '{ full: {}, orpo: { beta: 0.2 } }',
    ])
      assert.deepEqual((await diagnose(stream(PAIRS, run(method)), usual)).map(summary), [], method);
  });

  it('needs to be told what is trained', async () => {
    const found = await diagnose(stream(PAIRS, run('{ dpo: {} }')), usual);
    assert.deepEqual(found.map(summary), [
      'tune/missing-field: `method` has neither `full` nor `lora`. Write `full` or `lora` into it.',
    ]);
  });

  it('inherits the rest of the method, and only one of full and lora', async () => {
    const child = 'run: child\nextends: prefer\nmethod: { full: {} }\n';
    const text = stream(PAIRS, run('{ lora: { r: 8 }, dpo: {} }'), child);
    assert.deepEqual((await diagnose(text, usual)).map(summary), []);
  });

  it('takes one of full and lora', () =>
    expectProblem(
      stream(PAIRS, run('{ lora: { r: 8 }, dpo: {}, «full»: {} }')),
      {
        code: 'tune/exclusive-fields',
        message: '`method` takes one of `full` and `lora`, not both. Remove one.',
        fix: 'Remove full',
      },
      usual,
    ));

  it('needs pairs', () =>
    expectProblem(stream(CORPUS, run('{ lora: {}, dpo: {} }', '«corpus.train»')), {
      code: 'tune/wrong-format',
      message:
        '`corpus.train` has `format: text`; `method: dpo` learns from pairs of answers, `format: preference`. Take another data set, or remove `dpo`.',
      fix: 'Remove dpo',
    }));

  it('is needed by pairs', () =>
    expectProblem(
      stream(PAIRS, run('{ lora: { r: 8 } }', '«pairs.train»')),
      {
        code: 'tune/wrong-format',
        message:
          '`pairs.train` has pairs of answers, which `method: dpo` and `orpo` learn from. Add `dpo: {}` or `orpo: {}` to `method`, or take another data set.',
        fix: 'Add method: dpo',
        becomes: 'method: { lora: { r: 8 }, dpo: {} }',
      },
      usual,
    ));

  it('needs a model that writes', async () => {
    const found = await diagnose(
      stream(PAIRS, run('{ full: {}, dpo: {} }', 'pairs.train', 'fill-mask')),
      usual,
    );
    assert.ok(
      found
        .map(summary)
        .includes(
          'tune/inconsistent-settings: `dpo` teaches a model which answers are better, but the task is `fill-mask`. Set `task: text-generation`, or remove `dpo`.',
        ),
    );
  });

  it('is one', () =>
    expectProblem(
      stream(PAIRS, run('{ full: {}, dpo: {}, «orpo»: {} }')),
      {
        code: 'tune/exclusive-fields',
        message: '`method` takes one of `dpo` and `orpo`, not both. Remove one.',
        fix: 'Remove orpo',
      },
      usual,
    ));

  it('without a reference needs pairs as well', () =>
    expectProblem(stream(CORPUS, run('{ lora: {}, orpo: {} }', '«corpus.train»')), {
      code: 'tune/wrong-format',
      message:
        '`corpus.train` has `format: text`; `method: orpo` learns from pairs of answers, `format: preference`. Take another data set, or remove `orpo`.',
      fix: 'Remove orpo',
    }));

  it('has fields that change nothing', () =>
    expectProblem(
      stream(PAIRS, run('{ full: {}, dpo: { «label_smoothing»: 0.1 } }')),
      {
        code: 'tune/overridden-field',
        severity: 'warning',
        message: '`label_smoothing` has no effect, because `loss_type` is `sigmoid`. Remove it.',
        fix: 'Remove label_smoothing',
      },
      usual,
    ));

  it('takes the range of TRL', () =>
    expectProblem(
      stream(PAIRS, run('{ full: {}, dpo: { beta: «0» } }')),
      {
        code: 'tune/out-of-range',
        message: '`beta` is 0; it takes a number above 0.',
        fix: 'Change to 0.1, the default',
      },
      usual,
    ));
});

describe('weights in 4 bits', () => {
  const texts = (method: string, more = '') => stream(CORPUS, `${run(method, 'corpus.train')}${more}`);

  it('stand beside LoRA', async () => {
    assert.deepEqual(await diagnose(texts('{ lora: { r: 8 }, quantization: { load_in_4bit: true } }')), []);
  });

  it('cannot be trained', () =>
    expectProblem(texts('{ full: {}, «quantization»: {} }'), {
      code: 'tune/inconsistent-settings',
      message:
        '`quantization` keeps weights in 4 bits, and weights in 4 bits cannot be trained. Train an adapter beside them, with `lora`.',
      fix: 'Remove quantization',
    }));

  it('have no lengths to learn', () =>
    expectProblem(texts('{ lora: { use_dora: true }, «quantization»: {} }'), {
      code: 'tune/inconsistent-settings',
      message:
        '`quantization` keeps weights in 4 bits, and `use_dora` needs the weights in full. Remove one of the two.',
      fix: 'Remove quantization',
    }));

  it('are for the processor', () =>
    expectProblem(texts('{ lora: {}, «quantization»: {} }', 'target: { local: { device: webgpu } }\n'), {
      code: 'tune/inconsistent-settings',
      message:
        '`quantization` keeps weights in 4 bits, and they are computed on the processor only. Set `device: cpu`.',
      fix: 'Remove quantization',
    }));
});

describe('the columns of pairs', () => {
  it('need no prompt, and may have the names of OpenAI and LLaMA-Factory', async () => {
    for (const columns of [
      ['chosen', 'rejected'],
      ['input', 'preferred_output', 'non_preferred_output'],
      ['conversations', 'chosen', 'rejected'],
    ])
      assert.deepEqual((await diagnose(PAIRS, withColumns(...columns))).map(summary), [], columns.join());
  });

  it('are missed otherwise', () =>
    expectProblem(
      PAIRS.replace('pairs', '«pairs»'),
      {
        code: 'tune/missing-column',
        message:
          '`pairs.jsonl` has no column `rejected` for the rejected; there is `prompt`, `chosen` and `reject`. Did you mean `reject`?',
        fix: 'Set rejected: reject',
      },
      withColumns('prompt', 'chosen', 'reject'),
    ));
});

describe('regular expressions in lora', () => {
  const lora = (fields: string) => stream(CORPUS, run(`{ lora: { ${fields} } }`, 'corpus.train'));
  const refused = (field: string, text: string) =>
    `\`${field}\` has ${text}, which is no regular expression that Python and Tunebook read alike. Close its brackets, and write it without \`(?P<…>)\`, flags and \`\\Z\`.`;

  it('may name layers and patterns', async () => {
    const fields = String.raw`target_modules: '.*\.(query|value)', exclude_modules: '.*\.0\..*', rank_pattern: { '.*\.(1|2)\..*': 4 }, init_lora_weights: gaussian`;
    assert.deepEqual((await diagnose(lora(fields))).map(summary), []);
  });

  it('are told of where they are none', async () => {
    for (const [fields, field, text] of [
      [`target_modules: «'(q|v'»`, 'target_modules', '"(q|v"'],
      [`target_modules: «'(?P<part>q).*'»`, 'target_modules', '"(?P<part>q).*"'],
      [`exclude_modules: «'[0-'»`, 'exclude_modules', '"[0-"'],
      [`rank_pattern: { «"("»: 4 }`, 'rank_pattern', '"("'],
      [`alpha_pattern: { «"*.q"»: 4 }`, 'alpha_pattern', '"*.q"'],
    ] as const)
      await expectProblem(lora(fields), { code: 'tune/wrong-type', message: refused(field, text) });
  });

  it('are not taken for names: a word alone belongs into a list', () =>
    expectProblem(lora('exclude_modules: «query»'), {
      code: 'tune/wrong-type',
      message:
        '`exclude_modules` takes a list of texts, none twice or a regular expression, not the text "query".',
      fix: 'Change to [query]',
    }));
});
