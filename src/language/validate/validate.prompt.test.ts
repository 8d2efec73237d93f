import assert from 'node:assert/strict';
import { DATASET, EVALUATE, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const CHAT = `prompt: zero-shot
messages:
  - { role: system, content: "Name the intent." }
  - { role: user, content: "{{ text }}" }
`;

describe('a prompt', () => {
  it('is right with messages or a template, with examples and settings', async () => {
    const rest =
      'examples: { data: intents.train, count: 8, select: similar }\ngeneration: { max_new_tokens: 8, stop_strings: ["\\n"] }\n';
    assert.deepEqual((await diagnose(stream(DATASET, CHAT + rest))).map(summary), []);
    assert.deepEqual((await diagnose('prompt: p\ntemplate: "{{ text }}\\nIntent:"\n')).map(summary), []);
  });

  it('has messages or a template', () =>
    expectProblem('prompt: «p»\ngeneration: { max_new_tokens: 4 }\n', {
      code: 'tune/missing-field',
      message:
        'This `prompt:` document has neither `messages` nor `template`. Write `messages` or `template` into it.',
    }));

  it('has not both', () =>
    expectProblem(`${CHAT}«template»: "{{ text }}"\n`, {
      code: 'tune/exclusive-fields',
      message: 'A `prompt:` document takes one of `messages` and `template`, not both. Remove one.',
      fix: 'Remove template',
    }));

  it('has roles that chat templates know', () =>
    expectProblem(CHAT.replace('role: user', 'role: «usr»'), {
      code: 'tune/unknown-value',
      message: '`role` takes one of `system`, `user`, `assistant`, not the text "usr". Did you mean `user`?',
      fix: 'Change to user',
    }));

  it('has fields of messages only', () =>
    expectProblem(CHAT.replace('content: "Name', '«contnt»: "Name'), {
      code: 'tune/unknown-field',
      message: '`contnt` is not a field of an item of `messages`. Did you mean `content`?',
      fix: 'Change to content',
    }));

  it('says who says what', () =>
    expectProblem('prompt: p\nmessages:\n  - «{ content: "{{ text }}" }»\n', {
      code: 'tune/missing-field',
      message: 'The message lacks `role`. Add it.',
    }));

  it('leaves something to answer', () =>
    expectProblem(`${CHAT}  - { role: «assistant», content: "Sure:" }\n`, {
      code: 'tune/inconsistent-settings',
      message:
        'The conversation ends with what the assistant says, so nothing is left to answer. End it with a message of the user.',
    }));

  it('takes examples from a split that exists', () =>
    expectProblem(stream(DATASET, `${CHAT}examples: { data: «intents.trian» }\n`), {
      code: 'tune/unknown-reference',
      message: 'The data set `intents` has no split `trian`. Did you mean `intents.train`?',
      fix: 'Change to intents.train',
    }));

  it('has settings in their range', () =>
    expectProblem(`${CHAT}generation: { do_sample: true, temperature: «0» }\n`, {
      code: 'tune/out-of-range',
      message: '`temperature` is 0; it takes a number above 0 and up to 10.',
      fix: 'Change to 1, the default',
    }));
});

describe('candidates that are asked', () => {
  const ask = (candidate: string, rest = '') =>
    stream(DATASET, RUN, CHAT, EVALUATE.replace('before: { model: base }', `before: ${candidate}`) + rest);

  it('are right with a prompt, settings, an endpoint, assertions and metrics of text', async () => {
    const endpoint = '{ base_url: "http://localhost:8080/v1", model: m, api_key_env: KEY, input_price: 0.1 }';
    const rest =
      'metrics: [accuracy, rougeL, tokens_per_second, cost]\nassertions: { short: { regex: "^.{0,20}$" }, polite: { contains: please } }\n';
    const one = ask('{ model: base, prompt: zero-shot, generation: { max_new_tokens: 4 } }', rest);
    assert.deepEqual((await diagnose(one)).map(summary), []);
    assert.deepEqual(
      (await diagnose(ask(`{ endpoint: ${endpoint}, prompt: zero-shot }`, rest))).map(summary),
      [],
    );
  });

  it('name a prompt that exists', () =>
    expectProblem(ask('{ model: base, prompt: «zero_shot» }'), {
      code: 'tune/unknown-reference',
      message: 'There is no prompt `zero_shot`. Did you mean `zero-shot`?',
      fix: 'Change to zero-shot',
    }));

  it('are a model or an endpoint, not both', () =>
    expectProblem(ask('{ model: base, prompt: zero-shot, «endpoint»: { base_url: "http://x", model: m } }'), {
      code: 'tune/exclusive-fields',
      message: '`before` takes one of `model` and `endpoint`, not both. Remove one.',
      fix: 'Remove endpoint',
    }));

  it('are something, whatever they are asked', () =>
    expectProblem(ask('{ prompt: zero-shot }').replace('before:', '«before»:'), {
      code: 'tune/missing-field',
      message:
        '`before` has neither `run` nor `model` nor `endpoint`. Write `run`, `model` or `endpoint` into it.',
    }));

  it('name columns that the rows have', () =>
    expectProblem(ask('{ model: base, prompt: zero-shot }').replace('{{ text }}', '{{ «txt» }}'), {
      code: 'tune/missing-column',
      message: '`intents.test` has no column `txt`. Did you mean `{{ text }}`?',
      fix: 'Change to text',
    }));

  it('name columns by the format or by the file, and what they set themselves', async () => {
    for (const slot of [
      '{{ label }}',
      '{{ intent | upper }}',
      '{% set x = text %}{{ x }}',
      '{% for a in text %}{{ a }}{% endfor %}',
    ]) {
      const text = ask('{ model: base, prompt: zero-shot }').replace('{{ text }}', slot);
      assert.deepEqual((await diagnose(text)).map(summary), [], slot);
    }
  });

  it('need a prompt behind an endpoint', () =>
    expectProblem(ask('{ endpoint: { base_url: "http://x", model: m } }').replace('before:', '«before»:'), {
      code: 'tune/missing-field',
      message:
        '`before` is asked over the network, and nothing says what. Add `prompt: NAME`, and a `prompt:` document of that name.',
    }));
});
