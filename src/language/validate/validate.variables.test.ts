import assert from 'node:assert/strict';
import { DATASET, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const run = (rest: string) => stream(DATASET, `${RUN}${rest}`);

describe('variables', () => {
  it('stand for values of any type, in texts and alone, in braces and in quotes', async () => {
    const text = stream(
      DATASET.replace('train.csv', '"${vars.split}.csv"') + 'vars: { split: train }\n',
      `${RUN}vars: { rate: 1.0e-4, layers: [query, value], r: 8, double: "\${vars.r}" }
train: { learning_rate: "\${vars.rate}", seed: \${vars.r} }
method:
  lora:
    target_modules: \${vars.layers}
    r: \${vars.double}
`.replace('seed: ${vars.r}', 'seed: "${vars.r}"'),
    );
    assert.deepEqual((await diagnose(text)).map(summary), []);
  });

  it('have a name that exists', () =>
    expectProblem(
      run('vars: { rate: 1.0e-4 }\ntrain:\n  learning_rate: ${vars.rate}\n  weight_decay: «${vars.rat}»\n'),
      {
        code: 'tune/unknown-variable',
        message: 'There is no variable `rat`. Did you mean `${vars.rate}`?',
        fix: 'Change to ${vars.rate}',
      },
    ));

  it('are not replaced in `extends`, where they would come from', () =>
    expectProblem(stream(DATASET, RUN, 'run: b\nvars: { which: a }\nextends: «"${vars.which}"»\n'), {
      code: 'tune/unknown-reference',
      message:
        '`extends` is followed before any `${…}` is replaced, since variables come from what is extended. Write the name itself in place of `${vars.which}`.',
    }));

  it('are named by where they come from', () =>
    expectProblem(
      run('vars: { rate: 1.0e-4 }\ntrain:\n  learning_rate: ${vars.rate}\n  weight_decay: «${rate}»\n'),
      {
        code: 'tune/unknown-variable',
        message:
          '`${rate}` is none of `${vars.NAME}`, `${env.NAME}` and `${workspace}`. Did you mean `${vars.rate}`?',
        fix: 'Change to ${vars.rate}',
      },
    ));

  it('are not meant where a text only looks like one', () =>
    expectProblem('prompt: p\ntemplate: "const a = `«${name}»`; {{ text }}"\n', {
      code: 'tune/unknown-variable',
      message:
        '`${name}` is none of `${vars.NAME}`, `${env.NAME}` and `${workspace}`. Write `$${` where it is meant as it stands.',
      fix: 'Write $${',
    }));

  it('do not stand for themselves', () =>
    expectProblem(
      run('vars: { a: "${vars.b}", b: "«${vars.a}»" }\ntrain: { seed: "${vars.a}" }\n').replace(
        '{ a: "${vars.b}"',
        '{ a: "${vars.b}"',
      ),
      {
        code: 'tune/variable-cycle',
        message:
          '`${vars.a}` stands for itself: following it leads back here. Write a value into one `vars` of the circle.',
      },
    ));

  it('fit where they are used: the type', () =>
    expectProblem(run('vars: { rate: fast }\ntrain:\n  learning_rate: «${vars.rate}»\n'), {
      code: 'tune/wrong-type',
      message:
        '`learning_rate` takes a number from 0, not the text "fast". It is what `${vars.rate}` stands for.',
    }));

  it('fit where they are used: the range', () =>
    expectProblem(run('vars: { decay: -1 }\ntrain:\n  weight_decay: «${vars.decay}»\n'), {
      code: 'tune/out-of-range',
      message: '`weight_decay` is -1; it takes a number from 0. It is what `${vars.decay}` stands for.',
    }));

  it('are no lists inside of a text', () =>
    expectProblem(
      stream('prompt: p\nvars: { words: [a, b] }\ntemplate: "Say «${vars.words}»: {{ text }}"\n'),
      {
        code: 'tune/wrong-type',
        message:
          '`${vars.words}` is a list, which cannot stand inside of a text. Write it alone, or take another variable.',
      },
    ));

  it('are used by something', () =>
    expectProblem(run('vars: { «rate»: 1.0e-4, seed: 1 }\ntrain: { seed: "${vars.seed}" }\n'), {
      code: 'tune/unused-variable',
      severity: 'warning',
      message: 'Nothing uses the variable `rate`: write `${vars.rate}` where it is meant, or remove it.',
      fix: 'Remove rate',
    }));

  it('may be set by those that extend a document, and are checked there', async () => {
    const base = `${RUN}train: { learning_rate: "\${vars.rate}" }\n`;
    const right = stream(DATASET, base, 'run: b\nextends: full\nvars: { rate: 1.0e-4 }\n');
    assert.deepEqual((await diagnose(right)).map(summary), []);
    const wrong = stream(
      DATASET,
      base,
      'run: b\nextends: full\nvars: { rate: slow }\ndata: { max_length: 64 }\n',
    );
    assert.deepEqual(
      (await diagnose(wrong)).map(({ code }) => code),
      ['tune/wrong-type'],
    );
  });

  it('of the environment are checked where it is known, and nowhere else', async () => {
    const text = run('train:\n  learning_rate: ${env.RATE}\n  seed: ${env.SEED}\n');
    assert.deepEqual((await diagnose(text)).map(summary), []);
    const environment = { RATE: '1e-4', SEED: '7' };
    assert.deepEqual((await diagnose(text, { environment })).map(summary), []);
    await expectProblem(
      run('train:\n  seed: «${env.SEED}»\n'),
      {
        code: 'tune/unknown-variable',
        message: 'The environment variable `SEED` is not set. Set it, or write the value here.',
      },
      { environment: {} },
    );
    await expectProblem(
      run('train:\n  seed: «${env.SEED}»\n'),
      {
        code: 'tune/wrong-type',
        message:
          '`seed` takes a whole number from 0 and up to 4294967295, not the text "x". It is what `${env.SEED}` stands for.',
      },
      { environment: { SEED: 'x' } },
    );
  });

  it('say nothing about files and names that nobody knows yet', async () => {
    const text = stream(
      DATASET.replace('train.csv', '"${env.DATA}/train.csv"'),
      `run: full\nmodel: { base: "\${workspace}/base" }\ndata: { train: "\${env.SET}.train", eval: intents.validation }\n`,
    );
    assert.deepEqual((await diagnose(text)).map(summary), []);
  });
});
