import assert from 'node:assert/strict';
import { modulePattern } from './module-pattern.ts';

describe('modulePattern', () => {
  it('matches a whole name, as re.fullmatch does', () => {
    const pattern = modulePattern(String.raw`.*\.(q|v)_proj`) ?? assert.fail();
    assert.ok(pattern.test('model.layers.0.self_attn.q_proj'));
    assert.ok(!pattern.test('model.layers.0.self_attn.q_proj.base_layer'));
    assert.ok(!pattern.test('q_proj'));
    // Alternatives reach over the whole too.
    assert.ok(!modulePattern('a|b')?.test('ab'));
  });

  it('takes nothing that Python and JavaScript read differently, and nothing broken', () => {
    for (const text of ['(q', 'a)|(b', '(?P<part>q)', String.raw`q\Z`, '(?i)Q', 'q{,2}', '[q'])
      assert.equal(modulePattern(text), undefined, text);
  });
});
