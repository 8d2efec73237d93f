import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { inspectModel, loadModel } from '../checkpoint/inspect-model.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import { TunebookError } from '../../protocol/error.ts';
import { Decoder } from './decoder.ts';
import { generate, type GenerateOptions, type Generated } from './generate.ts';
import { GENERATION_DEFAULTS, type GenerationSettings } from './settings.ts';

const folder = fileURLToPath(new URL('../../../test/fixtures/families/mistral-causal', import.meta.url));

/** Tokens of a tiny model without a tokenizer, written as numbers. */
const NUMBERS: Pick<Tokenizer, 'decode'> = { decode: (ids) => ids.map((id) => ` ${id}`).join('') };
const PROMPTS = Array.from({ length: 9 }, (_, row) => ({
  row,
  ids: Array.from({ length: 1 + ((row * 5) % 13) }, (_, i) => 3 + ((row * 7 + i * 11) % 55)),
}));

async function answers(
  settings: Partial<GenerationSettings>,
  {
    slots = 4,
    live = false,
    capacity = 40,
    prompts = PROMPTS,
    ...more
  }: Partial<
    GenerateOptions & { slots: number; live: boolean; capacity: number; prompts: typeof PROMPTS }
  > = {},
): Promise<Generated[] | undefined> {
  const { spec, values } = loadModel(inspectModel(folder), { kind: 'text-generation' }, 0);
  const decoder = await Decoder.create(spec, values, { slots, capacity, threads: 1, live });
  try {
    return await generate(prompts, {
      decoder,
      // SAFETY: nothing but decode is used of it.
      tokenizer: NUMBERS as Tokenizer,
      settings: { ...GENERATION_DEFAULTS, eos_token_id: [], max_new_tokens: 12, ...settings },
      ...more,
    });
  } finally {
    await decoder.dispose();
  }
}

const idsOf = (list: readonly Generated[] | undefined) => list?.map(({ ids }) => ids);

describe('generate: what does not change an answer', () => {
  const draw = { do_sample: true, temperature: 1.3, seed: 7 };

  it('is how many are answered at once, and in which order, even when tokens are drawn', async () => {
    const one = await answers(draw, { slots: 1 });
    assert.deepEqual(idsOf(await answers(draw, { slots: 4 })), idsOf(one));
    const backwards = await answers(draw, { slots: 3, prompts: [...PROMPTS].reverse() });
    assert.deepEqual(idsOf(backwards), idsOf(one)!.reverse());
  });

  it('is whether weights are constants or are read anew', async () => {
    assert.deepEqual(idsOf(await answers({}, { live: true })), idsOf(await answers({})));
  });

  it('is that prompts begin alike and are read from a shared slot', async () => {
    const start = Array.from({ length: 20 }, (_, i) => 5 + ((i * 13) % 50));
    const prompts = PROMPTS.map(({ row, ids }) => ({ row, ids: [...start, ...ids.slice(0, 5)] }));
    const shared = await answers({}, { prompts, slots: 4 });
    assert.deepEqual(idsOf(shared), idsOf(await answers({}, { prompts, slots: 1 })));
    const same = [0, 1, 2].map((row) => ({ row, ids: start }));
    const [first, ...others] = idsOf(await answers({}, { prompts: same, slots: 2 }))!;
    for (const other of others) assert.deepEqual(other, first);
  });
});

describe('generate: what does', () => {
  it('is the seed, and the row', async () => {
    const draw = { do_sample: true, temperature: 2 };
    const some = idsOf(await answers({ ...draw, seed: 1 }));
    assert.notDeepEqual(idsOf(await answers({ ...draw, seed: 2 })), some);
    const twice = [0, 1].map((row) => ({ row, ids: [5, 6, 7] }));
    const [a, b] = idsOf(await answers(draw, { prompts: twice }))!;
    assert.notDeepEqual(a, b);
  });
});

describe('generate: where an answer ends', () => {
  it('is before a stop string, which is never shown, not even its beginning', async () => {
    const [free] = (await answers({}, { prompts: PROMPTS.slice(3, 4) }))!;
    const words = free!.text.split(' ').slice(1);
    const stop = ` ${words[4]} ${words[5]}`;
    const before = free!.text.slice(0, free!.text.indexOf(stop));
    let shown = '';
    const onText = (_: number, text: string) => (shown += text);
    const [answer] = (await answers({ stop_strings: [stop] }, { prompts: PROMPTS.slice(3, 4), onText }))!;
    assert.equal(answer?.text, before);
    assert.equal(shown, before);
    assert.equal(answer?.finish, 'stop');
  });

  it('is where the model reads no further', async () => {
    const [answer] = (await answers(
      { max_new_tokens: 100 },
      { prompts: [{ row: 0, ids: [9, 8, 7] }], capacity: 10 },
    ))!;
    assert.equal(answer?.ids.length, 7);
    assert.equal(answer.finish, 'length');
  });

  it('is nowhere when it is interrupted: what is whole was told', async () => {
    const abort = new AbortController();
    const told: number[] = [];
    const onAnswer = ({ row }: Generated) => {
      told.push(row);
      if (told.length === 3) abort.abort();
    };
    assert.equal(await answers({}, { slots: 1, onAnswer, signal: abort.signal }), undefined);
    assert.deepEqual(told, [0, 1, 2]);
  });

  it('is an error for a prompt that the model does not read whole', async () => {
    const prompts = [{ row: 0, ids: Array.from({ length: 12 }, () => 5) }];
    await assert.rejects(answers({}, { prompts, capacity: 12 }), (error) => {
      assert.ok(error instanceof TunebookError);
      assert.equal(error.code, 'generate/prompt-too-long');
      assert.match(error.message, /12 tokens/);
      return true;
    });
  });
});
