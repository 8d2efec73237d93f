import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { conversationReader, type RowConversation } from './conversation.ts';
import { readRows } from './read.ts';
import { failureOf } from './testing/fixtures.ts';

const DEMO = new URL('../../../../shared/data/llamafactory_demo/', import.meta.url);

function conversation(format: string, values: Record<string, unknown>, columns = {}): RowConversation {
  const read = conversationReader({ format, columns });
  assert.ok(read);
  return read({ values, file: 'a.jsonl', line: 3 });
}

const refused = (format: string, values: Record<string, unknown>) =>
  failureOf(Promise.resolve().then(() => conversation(format, values)));

describe('rows of Alpaca’s files', () => {
  it('are an instruction with its input on a line of its own, and the answer', () => {
    const { messages } = conversation('alpaca', { instruction: 'Add.', input: '1 2', output: '3' });
    assert.deepEqual(messages, [
      { role: 'user', content: 'Add.\n1 2' },
      { role: 'assistant', content: '3' },
    ]);
  });

  it('may have a system message, earlier turns, and columns of other names', () => {
    const values = { q: 'And?', output: 'No.', system: 'Be short.', history: [['Hi', 'Yes.']] };
    const { messages } = conversation('alpaca', values, { instruction: 'q' });
    assert.deepEqual(
      messages.map(({ role, content }) => [role, content]),
      [
        ['system', 'Be short.'],
        ['user', 'Hi'],
        ['assistant', 'Yes.'],
        ['user', 'And?'],
        ['assistant', 'No.'],
      ],
    );
  });

  it('without an answer, or with a history of another form, are refused at their line', async () => {
    assert.equal((await refused('alpaca', { instruction: 'a', output: '' })).code, 'data/empty-text');
    assert.equal((await refused('alpaca', { instruction: 'a' })).code, 'data/missing-column');
    const failure = await refused('alpaca', { instruction: 'a', output: 'b', history: [['a']] });
    assert.equal(failure.code, 'data/bad-messages');
    assert.match(failure.message, /^Line 3 of a\.jsonl has .* no list of earlier turns/);
  });

  it('of the files that LLaMA-Factory ships', async () => {
    for await (const row of readRows([new URL('alpaca_en_demo.json', DEMO).pathname])) {
      const { messages } = conversation('alpaca', row.values);
      const { instruction, input, output } = row.values;
      assert.deepEqual(messages.at(-1), { role: 'assistant', content: output });
      assert.equal(
        messages.at(-2)?.['content'],
        input === '' ? instruction : `${String(instruction)}\n${String(input)}`,
      );
    }
  });
});

describe('rows of ShareGPT’s files', () => {
  const turn = (from: string, value: string) => ({ from, value });

  it('are turns whose roles are those of chat templates', () => {
    const conversations = [turn('system', 's'), turn('human', 'h'), turn('gpt', 'g'), turn('USER', 'u')];
    const { messages } = conversation('sharegpt', { conversations });
    assert.deepEqual(
      messages.map(({ role, content }) => [role, content]),
      [
        ['system', 's'],
        ['user', 'h'],
        ['assistant', 'g'],
        ['user', 'u'],
      ],
    );
  });

  it('call functions, and are answered by them', () => {
    const call = { name: 'add', arguments: { a: 1 } };
    const { messages, tools } = conversation('sharegpt', {
      conversations: [
        turn('human', '?'),
        turn('function_call', JSON.stringify(call)),
        turn('observation', '1'),
      ],
      tools: JSON.stringify([{ name: 'add', parameters: {} }]),
      system: 'Help.',
    });
    assert.deepEqual(messages, [
      { role: 'system', content: 'Help.' },
      { role: 'user', content: '?' },
      { role: 'assistant', content: '', tool_calls: [{ type: 'function', function: call }] },
      { role: 'tool', content: '1' },
    ]);
    assert.deepEqual(tools, [{ type: 'function', function: { name: 'add', parameters: {} } }]);
  });

  for (const [what, values, expected] of [
    ['no list', { conversations: 'hi' }, /which is no list of turns/],
    ['an empty list', { conversations: [] }, /has an empty conversation/],
    [
      'a turn without value',
      { conversations: [{ from: 'human' }] },
      /a turn without `from` or `value` \(number 1\)/,
    ],
    ['an unknown speaker', { conversations: [turn('alien', 'x')] }, /a turn from "alien"/],
    [
      'a call that is no JSON',
      { conversations: [turn('function_call', 'add(1)')] },
      /function call that is no JSON/,
    ],
    ['tools that are no list', { conversations: [turn('human', 'x')], tools: '{' }, /no list of functions/],
  ] as const)
    it(`with ${what} are refused`, async () => {
      const failure = await refused('sharegpt', values);
      assert.equal(failure.code, 'data/bad-messages');
      assert.match(failure.message, expected);
      assert.deepEqual(failure.location, { file: 'a.jsonl', line: 3 });
    });

  it('of the files that LLaMA-Factory ships', async () => {
    const roles = new Set<string>();
    let tools = 0;
    for await (const row of readRows([new URL('glaive_toolcall_en_demo.json', DEMO).pathname])) {
      const read = conversation('sharegpt', row.values);
      for (const { role } of read.messages) roles.add(role);
      if (read.tools) tools++;
    }
    assert.deepEqual([...roles].sort(), ['assistant', 'tool', 'user']);
    const text = readFileSync(new URL('glaive_toolcall_en_demo.json', DEMO), 'utf8');
    assert.equal(tools, text.match(/"tools": "\[\{/g)?.length);
  });
});
