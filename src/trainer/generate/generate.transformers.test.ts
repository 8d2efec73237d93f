import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspectModel, loadModel } from '../checkpoint/inspect-model.ts';
import { readModelFolder } from '../checkpoint/model-folder.ts';
import { readAdapter } from '../checkpoint/read-adapter.ts';
import { loadTokenizer, type Tokenizer } from '../data/tokenizer.ts';
import { Decoder } from './decoder.ts';
import { generate, type Generated } from './generate.ts';
import { likeliest } from './choose-token.ts';
import { processLogits } from './process-logits.ts';
import { ContinuationScorer } from './score-choices.ts';
import { GENERATION_DEFAULTS, type GenerationSettings } from './settings.ts';

interface Family {
  prompts: number[][];
  greedy: number[][];
  penalised: number[][];
  eos: number;
  stopped: number[][];
  lora: number[][];
  log_likelihoods: { continuation: number[]; sum: number; greedy: boolean }[];
}

const fixtures = fileURLToPath(new URL('../../../test/fixtures', import.meta.url));
// SAFETY: made by python/make_generation_fixtures.py, which writes this shape.
const made = JSON.parse(readFileSync(`${fixtures}/generation.json`, 'utf8')) as {
  families: Record<string, Family>;
  stories: { texts: string[]; prompts: number[][]; greedy: number[][]; decoded: string[] };
  processors: {
    settings: Partial<GenerationSettings>;
    prompt: number[];
    ids: number[];
    logits: number[];
    scores: (number | null)[];
  }[];
};

/** The families' tiny models have no tokenizer: their tokens are written as numbers. */
const NUMBERS: Pick<Tokenizer, 'decode'> = { decode: (ids) => ids.map((id) => ` ${id}`).join('') };

async function decoderOf(folder: string, slots: number): Promise<Decoder> {
  const { spec, values } = loadModel(inspectModel(folder), { kind: 'text-generation' }, 0);
  return await Decoder.create(spec, values, { slots, capacity: 36, threads: 1 });
}

async function answer(
  decoder: Decoder,
  prompts: readonly number[][],
  settings: Partial<GenerationSettings>,
): Promise<Generated[]> {
  const answers = await generate(
    prompts.map((ids, row) => ({ row, ids })),
    {
      decoder,
      // SAFETY: nothing but decode is used of it.
      tokenizer: NUMBERS as Tokenizer,
      settings: { ...GENERATION_DEFAULTS, eos_token_id: [], max_new_tokens: 20, ...settings },
    },
  );
  return answers ?? assert.fail('it was interrupted');
}

const idsOf = (answers: readonly Generated[]) => answers.map(({ ids }) => ids);

describe('generate: token for token as transformers', () => {
  for (const [name, family] of Object.entries(made.families)) {
    const folder = `${fixtures}/families/${name}-causal`;
    // Several slots: prompts of all lengths stand beside each other, and slots are refilled as answers end.
    for (const slots of [1, 3]) {
      it(`${name}, ${slots} at once`, async () => {
        const decoder = await decoderOf(folder, slots);
        const { prompts, eos } = family;
        assert.deepEqual(idsOf(await answer(decoder, prompts, {})), family.greedy);
        assert.deepEqual(
          idsOf(await answer(decoder, prompts, { repetition_penalty: 1.5 })),
          family.penalised,
        );
        const stopped = await answer(decoder, prompts, { repetition_penalty: 1.5, eos_token_id: [eos] });
        assert.deepEqual(idsOf(stopped), family.stopped);
        assert.ok(stopped.some(({ finish }) => finish === 'eos'));
        await decoder.dispose();
      });
    }

    it(`${name} with its adapter`, async () => {
      const { spec, values } = loadModel(adapterOver(folder), { kind: 'text-generation' }, 0);
      const decoder = await Decoder.create(spec, values, { slots: 2, capacity: 36, threads: 1 });
      assert.deepEqual(
        idsOf(await answer(decoder, family.prompts, { repetition_penalty: 1.5 })),
        family.lora,
      );
      await decoder.dispose();
    });

    it(`${name}: log-likelihoods of continuations`, async () => {
      const decoder = await decoderOf(folder, 1);
      const scorer = new ContinuationScorer(decoder);
      for (const [i, { continuation, sum, greedy }] of family.log_likelihoods.entries()) {
        const found = await scorer.score(family.prompts[i]!, continuation);
        assert.ok(Math.abs(found.sum - sum) < 2e-5, `${found.sum} is not ${sum}`);
        assert.equal(found.greedy, greedy);
      }
      await decoder.dispose();
    });

    it(`${name}: continuations side by side, however many at once`, async () => {
      for (const slots of [1, 2, 8]) {
        const decoder = await decoderOf(folder, slots);
        const scorer = new ContinuationScorer(decoder);
        for (const [i, { continuation, sum, greedy }] of family.log_likelihoods.entries()) {
          const others = [continuation.slice(0, 1), [...continuation].reverse(), [continuation[0]!, 7]];
          const choices = [others[0]!, continuation, ...others.slice(1)];
          const found = await scorer.scoreAll(family.prompts[i]!, choices);
          assert.ok(Math.abs(found[1]!.sum - sum) < 2e-5, `${found[1]!.sum} is not ${sum}`);
          assert.equal(found[1]!.greedy, greedy);
          for (const [place, choice] of choices.entries()) {
            const alone = await scorer.score(family.prompts[i]!, choice);
            for (const [at, each] of alone.tokens.entries())
              assert.ok(Math.abs(found[place]!.tokens[at]! - each) < 1e-5, `${place}: token ${at}`);
            assert.equal(found[place]!.tokens.length, choice.length);
          }
        }
        await decoder.dispose();
      }
    });
  }

  const shared = fileURLToPath(new URL('../../../../shared/models/stories260K/hf', import.meta.url));
  it('stories260K', async function () {
    if (!existsSync(shared)) this.skip();
    const { spec, values } = loadModel(inspectModel(shared), { kind: 'text-generation' }, 0);
    const decoder = await Decoder.create(spec, values, { slots: 4, capacity: 64, threads: 1 });
    const tokenizer = await loadTokenizer(shared);
    const { prompts, greedy, decoded, texts } = made.stories;
    const settings = { ...GENERATION_DEFAULTS, eos_token_id: [], max_new_tokens: 40 };
    const asked = prompts.map((ids, row) => ({ row, ids }));
    const pieces = prompts.map(() => '');
    const answers = await generate(asked, {
      decoder,
      tokenizer,
      settings,
      onText: (row, text) => (pieces[row] += text),
    });
    assert.deepEqual(idsOf(answers!), greedy);
    for (const [i, { text }] of answers!.entries()) {
      assert.equal(texts[i]! + text, decoded[i]);
      assert.equal(pieces[i], text, 'the pieces are the whole');
    }
    await decoder.dispose();
  });
});

/** The adapter of a fixture over its model, whose place its adapter_config.json does not know. */
function adapterOver(folder: string) {
  const base = inspectModel(folder);
  const { adapter: fields } = readModelFolder(`${folder}/lora`);
  const adapter = {
    ...readAdapter(`${folder}/lora`, { ...fields, base_model_name_or_path: folder }),
    folder: `${folder}/lora`,
  };
  return { ...base, adapter };
}

describe('processLogits: as the processors of transformers', () => {
  for (const { settings, prompt, ids, logits, scores } of made.processors) {
    it(JSON.stringify(settings), () => {
      const { eos_token_id = [], ...rest } = settings;
      const found = Float32Array.from(logits);
      const said = { ids, promptLength: prompt.length };
      processLogits(found, said, {
        ...GENERATION_DEFAULTS,
        do_sample: true,
        top_k: 0,
        ...rest,
        eos_token_id: [eos_token_id].flat(),
      });
      for (const [id, score] of scores.entries()) {
        if (score === null) assert.equal(found[id], -Infinity, `token ${id} is ruled out`);
        else assert.ok(Math.abs(found[id]! - score) < 1e-5, `token ${id}: ${found[id]} is not ${score}`);
      }
    });
  }

  it('takes the first of two equal logits', () => assert.equal(likeliest(Float32Array.of(1, 3, 2, 3)), 1));
  it('has no likeliest where one is no number', () =>
    assert.equal(likeliest(Float32Array.of(1, NaN, 2)), -1));
});
