import assert from 'node:assert/strict';
import { parseModelConfig } from '../models/config.ts';
import { batchMemory } from './batch-memory.ts';
import type { ModelSpec } from './model-spec.ts';

describe('the memory of a batch', () => {
  const limits = { tokens: 1024, sequences: 16, length: 64 };
  const spec = (layers: number, checkpointing: boolean): ModelSpec => ({
    config: parseModelConfig(
      {
        model_type: 'bert',
        hidden_size: 384,
        num_hidden_layers: layers,
        num_attention_heads: 12,
        intermediate_size: 1536,
      },
      'config.json',
    ),
    task: { kind: 'text-classification', numLabels: 77 },
    options: {},
    isTrained: () => true,
    labelSmoothing: 0,
    checkpointing,
  });
  const of = (layers: number, checkpointing: boolean) => batchMemory(spec(layers, checkpointing), limits);

  it('grows by what a layer makes, and with checkpointing by what a layer is given', () => {
    const more = { kept: of(12, false) - of(6, false), checkpointed: of(12, true) - of(6, true) };
    assert.equal(more.checkpointed, 6 * 4 * limits.tokens * 384);
    assert.ok(more.kept > 15 * more.checkpointed);
  });

  it('grows with the batch', () => {
    const larger = { ...limits, tokens: 4096, sequences: 64 };
    const ratio = batchMemory(spec(6, false), larger) / of(6, false);
    assert.ok(ratio > 3.9 && ratio < 4.1);
  });
});
