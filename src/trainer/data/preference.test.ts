import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { dataFacts } from './facts.ts';
import { readPreference } from './preference-row.ts';
import { tokenizePreference, type TokenizedPreference } from './preference.ts';
import { loadTokenizer } from './tokenizer.ts';

const fixtures = fileURLToPath(new URL('../../../test/fixtures/dpo', import.meta.url));
const shared = fileURLToPath(new URL('../../../../shared/data/llamafactory_demo', import.meta.url));
const said = (role: string, content: string) => ({ role, content });

function read(values: Record<string, unknown>, columns: Record<string, string> = {}) {
  return readPreference({ values, file: 'pairs.jsonl', line: 7 }, columns);
}

describe('a pair of answers', () => {
  const sky = said('user', 'What colour is the sky?');
  const [blue, green] = [said('assistant', 'Blue.'), said('assistant', 'Green.')];
  const conversation = { kind: 'chat', prompt: [sky], chosen: [blue], rejected: [green] };

  it('is three texts', () => {
    const row = { prompt: 'The sky is', chosen: ' blue.', rejected: ' green.' };
    assert.deepEqual(read(row), { kind: 'text', ...row });
    const named = { q: 'a', good: 'b', bad: 'c' };
    const columns = { prompt: 'q', chosen: 'good', rejected: 'bad' };
    assert.deepEqual(read(named, columns), { kind: 'text', prompt: 'a', chosen: 'b', rejected: 'c' });
  });

  it('has as prompt what both answers begin with, where none is given', () => {
    // As TRL's extract_prompt has it: the space belongs to the answers.
    const texts = { chosen: 'The sky is blue.', rejected: 'The sky is green.' };
    const parts = { prompt: 'The sky is', chosen: ' blue.', rejected: ' green.' };
    assert.deepEqual(read(texts), { kind: 'text', ...parts });
    assert.deepEqual(read({ chosen: [sky, blue], rejected: [sky, green] }), conversation);
    // Some data sets have the prompt as a text beside whole conversations.
    const repeated = { prompt: sky.content, chosen: [sky, blue], rejected: [sky, green] };
    assert.deepEqual(read(repeated), conversation);
    assert.deepEqual(read({ prompt: sky.content, chosen: [blue], rejected: [green] }), conversation);
    assert.deepEqual(read({ prompt: [sky], chosen: [blue], rejected: [green] }), conversation);
  });

  it('is read from OpenAI’s files', () => {
    const row = {
      input: { messages: [sky], tools: [] },
      preferred_output: [blue],
      non_preferred_output: [green],
    };
    assert.deepEqual(read(row), { ...conversation, tools: [] });
  });

  it('is read from LLaMA-Factory’s files, of all three shapes', () => {
    const from = (who: string, value: string) => ({ from: who, value });
    const sharegpt = {
      conversations: [from('human', sky.content)],
      chosen: from('gpt', blue.content),
      rejected: from('gpt', green.content),
    };
    assert.deepEqual(read(sharegpt), conversation);
    const alpaca = {
      instruction: 'Name the',
      input: 'colour',
      system: 'Be short.',
      history: [['Hi', 'Hello']],
    };
    assert.deepEqual(read({ ...alpaca, chosen: blue.content, rejected: green.content }), {
      ...conversation,
      prompt: [
        said('system', 'Be short.'),
        said('user', 'Hi'),
        said('assistant', 'Hello'),
        said('user', 'Name the\ncolour'),
      ],
    });
    const parts = (message: { role: string; content: string }) => ({
      role: message.role,
      content: [{ type: 'text', value: message.content }],
    });
    assert.deepEqual(
      read({ chosen_messages: [sky, blue].map(parts), rejected_messages: [sky, green].map(parts) }),
      conversation,
    );
  });

  it('says what is wrong with a row, and where', () => {
    const at = { file: 'pairs.jsonl', line: 7 };
    const code = 'data/bad-preference';
    assert.throws(() => read({ prompt: 'a', chosen: 3, rejected: 'c' }), { code, location: at });
    assert.throws(() => read({ prompt: 'a', chosen: '', rejected: 'c' }), { code, location: at });
    assert.throws(() => read({ prompt: 'a', chosen: [{ text: 'b' }], rejected: 'c' }), { code });
    assert.throws(() => read({ prompt: 'a', chosen: 'b' }), { code: 'data/missing-column' });
  });
});

describe('a split of pairs', () => {
  const folder = temporaryFolder();
  const of = (file: string) => ({
    dataset: {
      name: 'pairs',
      file: '/pairs.tune.yaml',
      files: { train: [file] },
      format: 'preference' as const,
      columns: { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' },
    },
    split: 'train',
  });
  const load = async (file: string, max_length = 24) =>
    tokenizePreference(of(file), await loadTokenizer(path.join(fixtures, 'base')), { max_length });

  for (const name of ['text', 'chat']) {
    it(`has TRL’s tokens, and drops what TRL drops: ${name}`, async () => {
      const file = path.join(fixtures, `${name === 'text' ? 'full' : 'chat'}.json`);
      // SAFETY: made by python/make_dpo_fixtures.py: prompt, chosen and rejected ids of each row that is left.
      const { tokens } = JSON.parse(readFileSync(file, 'utf8')) as {
        tokens: [number[], number[], number[]][];
      };
      const made = await load(path.join(fixtures, `${name}.jsonl`));
      const expected = tokens.flatMap(([prompt, ...answers]) =>
        answers.map((answer) => ({ ids: [...prompt, ...answer].slice(0, 24), prompt: prompt.length })),
      );
      assert.deepEqual(sequencesOf(made), expected);
      assert.equal(made.report.rows, tokens.length + made.report.dropped);
    });
  }

  it('without room for any answer is an error', async () => {
    await assert.rejects(load(path.join(fixtures, 'chat.jsonl'), 3), { code: 'data/all-masked' });
  });

  it('reads LLaMA-Factory’s demo, and its facts find nothing wrong', async () => {
    const file = path.join(shared, 'dpo_en_demo.json');
    const { columns } = of(file).dataset;
    const facts = await dataFacts({ files: [file], format: 'preference', columns });
    assert.deepEqual([facts.rows, facts.problems], [300, []]);
  });

  it('has facts that name bad rows', async () => {
    const file = path.join(folder.path, 'pairs.jsonl');
    const rows = [
      { chosen: 'a b', rejected: 'a c' },
      { chosen: 1, rejected: 'a' },
    ];
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const { columns } = of(file).dataset;
    const { problems } = await dataFacts({ files: [file], format: 'preference', columns });
    assert.deepEqual(
      problems.map(({ code, line }) => [code, line]),
      [['data/bad-preference', 2]],
    );
  });
});

function sequencesOf({ input_ids, offsets, loss_mask }: TokenizedPreference) {
  return Array.from({ length: offsets.length - 1 }, (_, i) => {
    const [from, to] = [offsets[i]!, offsets[i + 1]!];
    const mask = loss_mask.subarray(from, to);
    const first = mask.indexOf(1);
    return { ids: [...input_ids.subarray(from, to)], prompt: first === -1 ? to - from : first };
  });
}
