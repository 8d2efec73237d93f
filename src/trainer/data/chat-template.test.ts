import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { ChatTemplate, loadChatTemplate, type Message } from './chat-template.ts';
import { tokenizeLanguageModel } from './language-model.ts';
import { splitOf, TINY_TOKENIZER } from './testing/fixtures.ts';
import { splitWords } from './stored-tokens.ts';
import { loadTokenizer } from './tokenizer.ts';

// SAFETY: made by python/make_chat_fixture.py, which writes this shape.
const FIXTURE = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/chat.json', import.meta.url), 'utf8'),
) as {
  marked: string;
  plain: string;
  cases: { messages: Message[]; text: string; input_ids: number[]; assistant_masks: number[] }[];
};

describe('chat templates', () => {
  const workspace = temporaryFolder();
  const CHAT = { format: 'chat', columns: { messages: 'messages' } } as const;
  const read = async (template: string, rows: string, assistant_only_loss = true) => {
    const file = join(workspace.path, 'template.jinja');
    writeFileSync(file, template);
    const tokenizer = await loadTokenizer(TINY_TOKENIZER);
    const reference = splitOf(workspace.path, { 'rows.jsonl': rows }, CHAT);
    const { tokens } = await tokenizeLanguageModel(reference, tokenizer, {
      max_length: 64,
      packing: false,
      packing_strategy: 'bfd',
      completion_only_loss: true,
      assistant_only_loss,
      chat_template_path: file,
    });
    return splitWords(tokens.read(0, tokens.length));
  };
  const row = (messages: readonly unknown[]) => `${JSON.stringify({ messages })}\n`;

  for (const kind of ['marked', 'plain'] as const) {
    it(`${kind}: transformers’ text and ids, and the mask of the assistant’s turns`, async () => {
      for (const { messages, text, input_ids, assistant_masks } of FIXTURE.cases) {
        assert.equal(new ChatTemplate(FIXTURE[kind], {}).render(messages), text);
        const made = await read(FIXTURE[kind], row(messages));
        assert.deepEqual([...made.input_ids], input_ids);
        assert.deepEqual([...made.loss_mask], assistant_masks);
      }
    });
  }

  it('leaves a turn with weight 0 out of the loss, and counts everything when that is asked for', async () => {
    const [, long] = FIXTURE.cases;
    const weighted = long!.messages.map((message, i) => (i === 2 ? { ...message, weight: 0 } : message));
    const { loss_mask } = await read(FIXTURE.plain, row(weighted));
    assert.equal(loss_mask.indexOf(1), loss_mask.length - 2);
    const whole = await read(FIXTURE.plain, row(weighted), false);
    assert.ok(whole.loss_mask.every((mask) => mask === 1));
  });

  it('keeps the text as it is where the marks stand on lines of their own', () => {
    const source =
      "{% for m in messages %}\n{% generation %}\n{{ m['content'] }}!\n{% endgeneration %}\n{% endfor %}";
    const messages = [{ role: 'assistant', content: 'a' }];
    const template = new ChatTemplate(source, {});
    const { text, turns } = template.renderTurns(messages);
    assert.equal(text, template.render(messages));
    assert.equal(text.slice(turns[0]!.from, turns[0]!.to).trim(), 'a!');
  });

  it('says where a conversation is none, or is refused by the template', async () => {
    const line = { file: join(workspace.path, 'rows.jsonl'), line: 1 };
    const refusing = "{{ raise_exception('roles must alternate') }}";
    for (const [template, rows, message] of [
      [FIXTURE.plain, '{"messages": "hello"}\n', /no list of messages/],
      [FIXTURE.plain, '{"messages": []}\n', /empty conversation/],
      [FIXTURE.plain, row([{ content: 'a' }]), /message without a role \(number 1\)/],
      [refusing, row([{ role: 'user', content: 'a' }]), /roles must alternate/],
    ] as const)
      await assert.rejects(read(template, rows), { code: 'data/bad-messages', message, location: line });
  });

  it('says when turns cannot be told apart', async () => {
    const reversed = "{% for m in messages[::-1] %}{{ m['content'] + ' ' }}{% endfor %}";
    await assert.rejects(read(reversed, row(FIXTURE.cases[1]!.messages)), /mark it with {% generation %}/);
  });

  it('takes the template of the tokenizer, and says when there is none or it is no Jinja', () => {
    const folder = join(workspace.path, 'model');
    mkdirSync(folder);
    assert.throws(() => loadChatTemplate(folder), { code: 'data/no-chat-template' });
    const config = { bos_token: '<s>', chat_template: [{ name: 'default', template: '{{ bos_token }}hi' }] };
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
    assert.equal(loadChatTemplate(folder).render([]), '<s>hi');
    writeFileSync(join(folder, 'chat_template.jinja'), '{% for %}');
    const place = join(folder, 'chat_template.jinja');
    const faults: [string, number, string][] = [
      ['{% for %}', 1, 'Unexpected token: CloseStatement'],
      [
        'hi\n{% for m in messages %}\n{{ m.role + }}\n{% endfor %}\nho\n',
        3,
        'Unexpected token: CloseExpression',
      ],
      ['hi\n{% endfor %}\nho\n', 2, 'Unknown statement type: endfor'],
      ['hi\n{% if messages %}\nho', 2, 'it ends in the middle of a block or an expression'],
    ];
    for (const [template, line, reason] of faults) {
      writeFileSync(place, template);
      assert.throws(() => loadChatTemplate(folder), {
        code: 'data/bad-chat-template',
        message: `The chat template in ${place} cannot be read: ${reason}.`,
        location: { file: place, line },
      });
    }
    rmSync(place);
    const settings = join(folder, 'tokenizer_config.json');
    writeFileSync(settings, JSON.stringify({ chat_template: 'hi\n{% endfor %}' }));
    assert.throws(() => loadChatTemplate(folder), {
      message: `The chat template in ${settings} cannot be read: Unknown statement type: endfor in line 2 of its text.`,
      location: { file: settings },
    });
  });

  it('takes the one that is given, of a tokenizer_config.json too, and none of the folder instead', () => {
    const folder = join(workspace.path, 'given');
    mkdirSync(folder);
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ chat_template: 'own' }));
    const other = join(workspace.path, 'other.json');
    writeFileSync(other, JSON.stringify({ chat_template: 'given' }));
    assert.equal(loadChatTemplate(folder, other).render([]), 'given');
    writeFileSync(other, '{}');
    assert.throws(() => loadChatTemplate(folder, other), {
      code: 'data/no-chat-template',
      message: /other\.json/,
    });
  });
});
