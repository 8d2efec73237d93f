import assert from 'node:assert/strict';
import { DATASET, EVALUATE, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const objective = (rest: string) => stream(DATASET, RUN, EVALUATE, `objective: ship\n${rest}`);

describe('an objective', () => {
  it('is right with an evaluation, a candidate and thresholds', async () => {
    const text = objective(
      'description: Route what people type.\nevaluate: worth-it\ncandidate: after\naccept: { accuracy: ">= 0.90", macro_f1: "> .8" }\n',
    );
    assert.deepEqual((await diagnose(text)).map(summary), []);
  });

  it('is measured by an evaluation that exists', () =>
    expectProblem(objective('evaluate: «worthit»\naccept: { accuracy: ">= 0.9" }\n'), {
      code: 'tune/unknown-reference',
      message: 'There is no evaluation `worthit`. Did you mean `worth-it`?',
      fix: 'Change to worth-it',
    }));

  it('asks a candidate of that evaluation', () =>
    expectProblem(objective('evaluate: worth-it\ncandidate: «aftr»\naccept: { accuracy: ">= 0.9" }\n'), {
      code: 'tune/unknown-reference',
      message: 'The evaluation `worth-it` has no candidate `aftr`. Did you mean `after`?',
      fix: 'Change to after',
    }));

  it('compares with a number', () =>
    expectProblem(objective('evaluate: worth-it\naccept: { accuracy: «high» }\n'), {
      code: 'tune/wrong-type',
      message: '`accuracy` takes a comparison with a number, such as `">= 0.9"`, not the text "high".',
    }));

  it('says in which direction', () =>
    expectProblem(objective('evaluate: worth-it\naccept: { accuracy: «0.9» }\n'), {
      code: 'tune/wrong-type',
      message: '`accuracy` takes a comparison with a number, such as `">= 0.9"`, not the number 0.9.',
      fix: 'Change to ">= 0.9"',
    }));

  it('asks for what is measured', () =>
    expectProblem(objective('evaluate: worth-it\naccept: { «acuracy»: ">= 0.9" }\n'), {
      code: 'tune/unmeasured-objective',
      message: 'The evaluation `worth-it` does not measure `acuracy`. Did you mean `accuracy`?',
      fix: 'Change to accuracy',
    }));

  it('asks for what can be measured', () =>
    expectProblem(objective('evaluate: worth-it\naccept: { «latency»: "<= 20" }\n'), {
      code: 'tune/unmeasured-objective',
      message: 'The evaluation `worth-it` does not measure `latency`. It measures `accuracy` and `macro_f1`.',
      fix: 'Measure latency in worth-it',
      becomes: 'metrics: [accuracy, macro_f1, latency]',
    }));

  it('may ask for an assertion', async () => {
    const assertions = 'assertions: { short: { regex: "^.{0,20}$" } }\n';
    const text = stream(
      DATASET,
      RUN,
      EVALUATE + assertions,
      'objective: o\nevaluate: worth-it\naccept: { short: ">= 0.99" }\n',
    );
    assert.deepEqual((await diagnose(text)).map(summary), []);
  });

  it('accepts by something', () =>
    expectProblem(objective('evaluate: worth-it\n«accept»: {}\n'), {
      code: 'tune/missing-field',
      message: '`accept` is empty. Write at least one into it.',
    }));
});

describe('an export', () => {
  const to = (rest: string) => stream(DATASET, RUN, `export: deploy\nmodel: run:full\nfolder: out\n${rest}`);

  it('is right with what its format can hold', async () => {
    for (const rest of ['', 'quantization: bf16\n', 'format: safetensors\nmerge_adapter: false\n'])
      assert.deepEqual((await diagnose(to(rest))).map(summary), []);
  });

  for (const [format, tool] of [
    ['gguf', '`convert_hf_to_gguf.py FOLDER` of llama.cpp'],
    ['onnx', '`optimum-cli export onnx --model FOLDER OUTPUT` of optimum'],
  ])
    it(`says that ${format} is not written yet, and what makes it`, () =>
      expectProblem(to(`format: «${format}»\n`), {
        code: 'tune/unsupported-field',
        message: `Tunebook does not write \`${format}\` yet. Export \`safetensors\`, and make one of that folder with ${tool}.`,
        fix: 'Change to safetensors',
      }));

  it('is of a run that exists', () =>
    expectProblem(to('').replace('run:full', '«run:fll»'), {
      code: 'tune/unknown-reference',
      message: 'There is no run `fll`, neither in a config of this folder nor on disk. Did you mean `full`?',
      fix: 'Change to run:full',
    }));

  it('is of a folder that exists', () =>
    expectProblem(to('').replace('run:full', '«./bse»'), {
      code: 'tune/missing-model',
      message: 'There is no model folder `./bse`. Did you mean `base`?',
      fix: 'Change to base',
    }));

  it('stores weights as its format can', () =>
    expectProblem(to('quantization: «q4_0»\n'), {
      code: 'tune/inconsistent-settings',
      message: '`format: safetensors` does not store weights as `q4_0`; it takes `none`, `f16` or `bf16`.',
      fix: 'Change to f16',
    }));
});
