import assert from 'node:assert/strict';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { ALPACA_TEMPLATE, alpacaConversation } from './alpaca.ts';
import { ChatTemplate } from './chat-template.ts';
import type { LanguageModelOptions } from './example.ts';
import { tokenizeLanguageModel } from './language-model.ts';
import { splitOf, TINY_TOKENIZER } from './testing/fixtures.ts';
import { splitWords } from './stored-tokens.ts';
import { loadTokenizer } from './tokenizer.ts';

const OPTIONS: LanguageModelOptions = {
  max_length: 8,
  packing: false,
  packing_strategy: 'bfd',
  completion_only_loss: true,
};
const [CLS, SEP, BA, BE] = [2, 3, 5, 6];

describe('tokenizeLanguageModel', () => {
  const workspace = temporaryFolder();
  const read = async (
    name: string,
    content: string,
    options: Partial<LanguageModelOptions> = {},
    more: Parameters<typeof splitOf>[2] = { format: 'text' },
  ) => {
    const tokenizer = await loadTokenizer(TINY_TOKENIZER);
    const reference = splitOf(workspace.path, { [name]: content }, more);
    const made = await tokenizeLanguageModel(reference, tokenizer, { ...OPTIONS, ...options });
    return { ...made, ...splitWords(made.tokens.read(0, made.tokens.length)) };
  };
  const prompts = { format: 'prompt-completion' } as const;
  const pair = (prompt: string, completion: string) => `${JSON.stringify({ prompt, completion })}\n`;

  it('takes every token of a text as a target, and cuts what is too long', async () => {
    const { input_ids, offsets, loss_mask, report } = await read('a.txt', `ba be\n${'ba '.repeat(20)}\n`);
    assert.deepEqual([...input_ids.slice(0, 4)], [CLS, BA, BE, SEP]);
    assert.deepEqual([...offsets], [0, 4, 12]);
    assert.ok(loss_mask.every((mask) => mask === 1));
    assert.deepEqual({ ...report }, { rows: 2, truncated: 1, dropped: 0, masked: 0, longest: 8, tokens: 12 });
  });

  it('takes the tokens of a completion alone, unless told otherwise', async () => {
    const { loss_mask } = await read('a.jsonl', pair('ba be ', 'ba'), {}, prompts);
    assert.deepEqual([...loss_mask], [0, 0, 0, 1, 1]);
    const whole = await read('a.jsonl', pair('ba be ', 'ba'), { completion_only_loss: false }, prompts);
    assert.deepEqual([...whole.loss_mask], [1, 1, 1, 1, 1]);
  });

  it('drops and counts a row whose completion is cut off, and says when nothing is left', async () => {
    const long = pair('ba '.repeat(20), 'be');
    const { report, offsets } = await read('a.jsonl', long + pair('ba ', 'be'), {}, prompts);
    assert.deepEqual([report.dropped, report.masked], [1, 0]);
    assert.equal(offsets.length, 2);
    await assert.rejects(read('a.jsonl', long, {}, prompts), { code: 'data/all-masked' });
  });

  it('packs whole examples, or lays all end to end and cuts evenly', async () => {
    const text = 'ba be\nba\nba be ba be\n';
    const packed = await read('a.txt', text, { packing: true });
    assert.deepEqual([...packed.packed!.members], [2, 0, 1]);
    assert.deepEqual([...packed.packed!.offsets], [0, 1, 3]);
    const wrapped = await read('a.txt', text, { packing: true, packing_strategy: 'wrapped' });
    assert.equal(wrapped.packed, undefined);
    assert.deepEqual([...wrapped.offsets], [0, 8, 13]);
    assert.equal(wrapped.report.truncated, 0);
  });

  it('leaves out what was cut into rows with nothing to predict: a prompt alone, a single last token', async () => {
    const wrapped = { packing: true, packing_strategy: 'wrapped' } as const;
    const prompt = await read('a.jsonl', pair('ba '.repeat(17), 'be'), wrapped, prompts);
    assert.deepEqual([...prompt.offsets], [0, 8, 16, 20]);
    assert.deepEqual([...prompt.packed!.members], [2]);
    assert.deepEqual([prompt.report.dropped, prompt.report.masked], [2, 2]);
    const single = await read('a.txt', `${'ba '.repeat(15)}\n`, wrapped);
    assert.deepEqual([...single.offsets], [0, 8, 16, 17]);
    assert.deepEqual([...single.packed!.members], [0, 1]);
    assert.deepEqual([single.report.dropped, single.report.masked], [1, 0]);
  });

  it('reads a text file by lines, paragraphs or whole', async () => {
    const text = 'ba\nbe\n\nba\n\n\nbe\n';
    const rows = async (sample_by: 'line' | 'paragraph' | 'document') =>
      (await read('a.txt', text, {}, { format: 'text', sample_by })).report.rows;
    assert.deepEqual([await rows('line'), await rows('paragraph'), await rows('document')], [4, 3, 1]);
  });

  it('says which column is missing', async () => {
    await assert.rejects(read('a.jsonl', '{"prompt": "ba", "answer": "be"}\n', {}, prompts), {
      code: 'data/missing-column',
    });
  });

  it('renders Alpaca’s rows as LLaMA-Factory’s `alpaca` where the tokenizer has no template, and learns the answers', async () => {
    const template = new ChatTemplate(ALPACA_TEMPLATE, { eos_token: '</s>' });
    const { messages } = alpacaConversation(
      { values: { instruction: 'Add.', input: '1 2', output: '3' }, file: 'a', line: 1 },
      {},
    );
    const head =
      'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nAdd.\n1 2\n\n### Response:\n';
    assert.deepEqual(template.renderTurns(messages), {
      text: `${head}3</s>\n\n`,
      turns: [{ message: messages[1], from: head.length, to: head.length + '3</s>\n\n'.length }],
    });
    const row = `${JSON.stringify({ instruction: 'ba', output: 'be ba' })}\n`;
    const { input_ids, loss_mask } = await read('a.jsonl', row, { max_length: 200 }, { format: 'alpaca' });
    assert.deepEqual([...input_ids.slice(-2)], [BE, BA]);
    assert.deepEqual([...loss_mask.slice(-3)], [0, 1, 1]);
  });
});
