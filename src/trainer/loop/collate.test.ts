import assert from 'node:assert/strict';
import { collate, collateClassification } from './collate.ts';
import { rowLengths, type Sequences } from './sequences.ts';

/** Rows of 3, 1 and 2 tokens. */
const SEQUENCES: Sequences = {
  input_ids: Int32Array.of(10, 11, 12, 20, 30, 31),
  token_type_ids: Int32Array.of(0, 0, 1, 0, 0, 1),
  offsets: Int32Array.of(0, 3, 4, 6),
};

describe('collate', () => {
  const feeds = collate(SEQUENCES, [2, 0, 1]);
  const numbers = (name: string) => [...feeds[name]!.data];

  it('lays the rows of a batch end to end, in the order that is asked for', () => {
    assert.deepEqual(numbers('input_ids'), [30, 31, 10, 11, 12, 20]);
    assert.deepEqual(numbers('token_type_ids'), [0, 1, 0, 0, 1, 0]);
    assert.deepEqual(feeds['input_ids']!.dims, [6]);
  });

  it('tells each token’s position and sequence', () => {
    assert.deepEqual(numbers('position_ids'), [0, 1, 0, 1, 2, 0]);
    assert.deepEqual(numbers('sequence_ids'), [0, 0, 1, 1, 1, 2]);
  });

  it('tells where in the padded batch each token stands, and where there is none', () => {
    assert.deepEqual(feeds['pad_index']!.dims, [3, 3]);
    assert.deepEqual(numbers('pad_index'), [0, 1, 0, 2, 3, 4, 5, 0, 0]);
    assert.deepEqual(numbers('attention_mask'), [1, 1, 0, 1, 1, 1, 1, 0, 0]);
  });

  it('gives token types of zero where the data has none', () => {
    const { token_type_ids: _types, ...bare } = SEQUENCES;
    assert.deepEqual([...collate(bare, [2])['token_type_ids']!.data], [0, 0]);
  });

  it('does not touch the rows it reads', () => {
    collate(SEQUENCES, [0, 0])['input_ids']!.data.fill(-1);
    assert.deepEqual([...SEQUENCES.input_ids], [10, 11, 12, 20, 30, 31]);
    assert.deepEqual([...rowLengths(SEQUENCES)], [3, 1, 2]);
  });

  it('puts each row’s label beside it, and counts tokens and targets', () => {
    const { feeds: made, tokens, targets } = collateClassification(SEQUENCES, Int32Array.of(7, 8, 9), [2, 0]);
    assert.deepEqual([[...made['labels']!.data], tokens, targets], [[9, 7], 5, 2]);
  });
});
