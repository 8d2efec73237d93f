import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedRun } from '../../src/language/resolved.ts';
import type { SampleEvent } from '../../src/protocol/events.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { trainInFolder } from './support/train-in-folder.ts';

const CHAT =
  '{% for m in messages %}{{ m.role }} {{ m.content }} {% endfor %}{% if add_generation_prompt %}assistant{% endif %}';

describe('samples while a causal model trains', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const at = (name: string) => join(workspace.path, name);
  const facts = [
    { prompt: 'the sky is', completion: ' blue' },
    { prompt: 'the grass is', completion: ' green' },
    { prompt: 'the blood is', completion: ' red' },
  ];

  before(() => {
    writeCausalModel(at('base'), CHAT);
    writeFileSync(at('facts.jsonl'), facts.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const chats = facts.map(({ prompt, completion }) => {
      return {
        messages: [
          { role: 'user', content: prompt },
          { role: 'assistant', content: completion },
        ],
      };
    });
    writeFileSync(at('chats.jsonl'), chats.map((row) => `${JSON.stringify(row)}\n`).join(''));
    writeFileSync(at('texts.txt'), 'the sky is blue and w10 w11 w12 w13 w14 w15\nthe grass is green\n');
  });

  function runOn(file: string, format: 'prompt-completion' | 'chat' | 'text', sampling: object): ResolvedRun {
    const run = resolvedRun({
      base: at('base'),
      train: at(file),
      task: 'text-generation',
      maxLength: 24,
      arguments: { max_steps: 40, learning_rate: 0.02, eval_strategy: 'no', ...sampling },
    });
    const dataset = { ...run.data.train.dataset, format };
    return { ...run, data: { ...run.data, train: { ...run.data.train, dataset } } };
  }
  const samplesOf = (events: readonly { type: string }[]) =>
    events.filter((event): event is SampleEvent & { seq: number; time: string } => event.type === 'sample');

  it('are written every so many steps and at the end, of the first rows, and show what was learnt', async () => {
    const { events } = await trainInFolder(
      workspace.path,
      runOn('facts.jsonl', 'prompt-completion', { sample_steps: 15 }),
    );
    const samples = samplesOf(events);
    assert.deepEqual(
      samples.map(({ step, prompt }) => `${step} ${prompt}`),
      [15, 30, 40].flatMap((step) => [`${step} the sky is`, `${step} the grass is`]),
    );
    assert.deepEqual(
      samples.slice(-2).map(({ output }) => output.trim()),
      ['blue', 'green'],
    );
  });

  it('are written of a model whose frozen weights are in 4 bits', async () => {
    const run = runOn('facts.jsonl', 'prompt-completion', { sample_steps: 20 });
    const adapted = resolvedRun({
      base: at('base'),
      train: at('facts.jsonl'),
      method: { lora: { r: 4, target_modules: 'all-linear' } },
    }).method;
    assert.ok('lora' in adapted);
    const method = { ...adapted, quantization: { bnb_4bit_quant_type: 'nf4' } } as const;
    const { events, outcome } = await trainInFolder(workspace.path, { ...run, method });
    assert.equal(outcome.state, 'finished');
    assert.deepEqual(
      samplesOf(events).map(({ step }) => step),
      [20, 20, 40, 40],
    );
    assert.deepEqual(
      samplesOf(events)
        .slice(-2)
        .map(({ output }) => output.trim()),
      ['blue', 'green'],
    );
  });

  it('change nothing else: the weights are those of a run without them, bit for bit', async () => {
    const weights = async (sampling: object) => {
      const { dir } = await trainInFolder(
        workspace.path,
        runOn('facts.jsonl', 'prompt-completion', sampling),
      );
      return readFileSync(join(dir, 'output', 'model.safetensors'));
    };
    assert.ok((await weights({ sample_steps: 7 })).equals(await weights({})));
  });

  it('answer prompts that are given, conversations through the chat template, and the beginnings of texts', async () => {
    const prompts = async (file: string, format: 'chat' | 'text' | 'prompt-completion', sampling: object) => {
      const { events } = await trainInFolder(
        workspace.path,
        runOn(file, format, { sample_steps: 100, ...sampling }),
      );
      return samplesOf(events).map(({ prompt }) => prompt);
    };
    const sample_prompts = ['the sea is', 'w10'];
    assert.deepEqual(await prompts('facts.jsonl', 'prompt-completion', { sample_prompts }), sample_prompts);
    assert.deepEqual(await prompts('chats.jsonl', 'chat', {}), ['the sky is', 'the grass is']);
    assert.deepEqual(await prompts('texts.txt', 'text', {}), ['sky is blue w10 w11 w12', 'grass is green']);
  });
});
