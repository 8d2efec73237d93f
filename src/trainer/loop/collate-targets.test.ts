import assert from 'node:assert/strict';
import { collateCausal, collateTokens } from './collate-targets.ts';

const SEQUENCES = { input_ids: Int32Array.of(10, 11, 12, 20, 21, 30), offsets: Int32Array.of(0, 3, 5, 6) };

describe('targets of a batch', () => {
  it('are predicted at the token before them, never across sequences', () => {
    const { feeds, tokens, targets } = collateCausal(SEQUENCES, new Uint8Array(6).fill(1), [1, 0, 2]);
    assert.deepEqual([...feeds['target_index']!.data], [0, 2, 3]);
    assert.deepEqual([...feeds['labels']!.data], [21, 11, 12]);
    assert.deepEqual([tokens, targets], [6, 3]);
  });

  it('are those that the mask names', () => {
    const { feeds } = collateCausal(SEQUENCES, Uint8Array.of(1, 0, 1, 1, 0, 1), [0, 1, 2]);
    assert.deepEqual([...feeds['target_index']!.data], [1]);
    assert.deepEqual([...feeds['labels']!.data], [12]);
  });

  it('are the labelled tokens themselves for a tagger', () => {
    const { feeds, targets } = collateTokens(SEQUENCES, Int32Array.of(-100, 4, -100, 0, -100, 2), [2, 0]);
    assert.deepEqual([...feeds['target_index']!.data], [0, 2]);
    assert.deepEqual([...feeds['labels']!.data], [2, 4]);
    assert.equal(targets, 2);
  });
});
