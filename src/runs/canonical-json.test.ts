import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('gives equal values equal text, whatever the order of their fields', () => {
    assert.equal(canonicalJson({ b: [1, { d: 2, c: 3 }], a: undefined }), '{"b":[1,{"c":3,"d":2}]}');
    const shuffled = fc.array(fc.tuple(fc.string(), fc.jsonValue())).chain((entries) => {
      const unique = [...new Map(entries)];
      return fc.tuple(fc.constant(unique), fc.shuffledSubarray(unique, { minLength: unique.length }));
    });
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        assert.equal(canonicalJson(Object.fromEntries(one)), canonicalJson(Object.fromEntries(other)));
      }),
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
