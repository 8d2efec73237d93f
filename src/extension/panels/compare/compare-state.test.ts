import assert from 'node:assert/strict';
import { compareHtml } from './compare-html.ts';
import { INITIAL_QUERY, readCompareState } from './compare-state.ts';
import { linkQuery, readLink } from './link.ts';

describe('compare: state over a reload', () => {
  it('is what it was', () => {
    const state = {
      runId: 'x',
      dir: '/d',
      open: 7,
      query: {
        a: 'a',
        b: 'b',
        chip: 'fixed',
        sort: 'score',
        text: 't',
        label: 'l',
        length: [1, 2],
        score: [0, 0.5],
      },
    };
    assert.deepEqual(readCompareState(structuredClone(state)), state);
  });

  it('is none without an evaluation, and the initial one where it is of another form', () => {
    for (const value of [undefined, null, 'x', [], {}, { runId: 7 }])
      assert.equal(readCompareState(value), undefined);
    const strange = {
      runId: 'x',
      open: 0.5,
      query: { chip: 'loud', sort: 1, a: 2, length: [1], score: 'x', text: 3 },
    };
    assert.deepEqual(readCompareState(strange), { runId: 'x', query: { ...INITIAL_QUERY } });
  });

  it('stands in the page without becoming markup', () => {
    const html = compareHtml('https://x/m.js', 'N', { runId: '"><script>', query: { ...INITIAL_QUERY } });
    assert.equal(html.match(/<script/g)?.length, 1);
  });
});

describe('compare: the link to a row', () => {
  it('comes back as it was, and no other link is taken for one', () => {
    const link = { runId: '20260101T000000Z-is it & worth-ab12', row: 17 };
    assert.deepEqual(readLink('/compare', linkQuery(link)), link);
    assert.deepEqual(readLink('/compare', 'run=x&row=abc'), { runId: 'x' });
    assert.equal(readLink('/compare', ''), undefined);
    assert.equal(readLink('/other', linkQuery(link)), undefined);
  });
});
