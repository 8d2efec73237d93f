import assert from 'node:assert/strict';
import { TunebookError } from '../../protocol/error.ts';
import { ChatTemplate } from '../data/chat-template.ts';
import { renderPrompt } from './prompt-tokens.ts';

/** As Gemma's: it knows no system, and speakers take turns. */
const TEMPLATE = `{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported.') }}{% endif %}
{%- for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate') }}{% endif %}
{{- '<start_of_turn>' + message['role'] + '\\n' + message['content'] + '<end_of_turn>\\n' }}{% endfor %}`;

describe('renderPrompt', () => {
  const template = new ChatTemplate(TEMPLATE, { bos_token: '<bos>' }, 'model/chat_template.jinja');
  const render = (...roles: string[]) =>
    renderPrompt(
      template,
      roles.map((role) => ({ role, content: `I am ${role}` })),
      {},
    );

  it('writes what the template writes', () =>
    assert.equal(render('user'), '<bos><start_of_turn>user\nI am user<end_of_turn>\n'));

  it('says of a conversation that the template does not take why, and what to do', () => {
    for (const [roles, message, hint] of [
      [['system', 'user'], /\(system, user\): System role not supported\.$/, /into the message of the user/],
      [['user', 'user'], /\(user, user\): Conversation roles must alternate\.$/, /order of the messages/],
    ] as const)
      assert.throws(
        () => render(...roles),
        (error) =>
          error instanceof TunebookError &&
          error.code === 'data/bad-messages' &&
          message.test(error.message) &&
          hint.test(error.hint ?? '') &&
          error.location?.file === 'model/chat_template.jinja',
      );
  });
});
