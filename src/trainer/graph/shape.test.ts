import assert from 'node:assert/strict';
import fc from 'fast-check';
import { broadcastShapes, multiplyDims, resolveShape, sizeOf, staticSize, type Dim } from './shape.ts';

const SIZES = { batch: 3, seq: 5, tokens: 11 };
const dim = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom<Dim>('batch', 'seq', 'tokens'));

describe('shape', () => {
  it('a product stands for the product of what its names stand for, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(dim, { maxLength: 5 }), (dims) => {
        const expected = resolveShape(dims, SIZES).reduce((a, b) => a * b, 1);
        assert.deepEqual(resolveShape([multiplyDims(...dims)], SIZES), [expected]);
        assert.equal(multiplyDims(...dims), multiplyDims(...[...dims].reverse()));
        assert.equal(sizeOf(dims), multiplyDims(multiplyDims(...dims.slice(0, 2)), ...dims.slice(2)));
      }),
    );
  });

  it('writes products with the number first and the names sorted', () => {
    assert.equal(multiplyDims('seq', 2, 'batch', 2), '4*batch*seq');
    assert.equal(multiplyDims(3, 4), 12);
  });

  it('broadcasts as NumPy does', () => {
    assert.deepEqual(broadcastShapes(['batch', 1, 4], ['seq', 1]), ['batch', 'seq', 4]);
    assert.deepEqual(broadcastShapes([], [2]), [2]);
    assert.throws(() => broadcastShapes([2, 3], [2]), /\[2, 3\] and \[2\] do not broadcast/);
    assert.throws(() => broadcastShapes(['batch'], ['seq']), /do not broadcast/);
  });

  it('says which size has no value', () => {
    assert.throws(() => resolveShape(['width'], SIZES), /"width" has no value/);
    assert.throws(() => staticSize([2, 'batch']), /\[2, batch\] is not known before/);
  });
});
