import assert from 'node:assert/strict';
import { metricsHtml } from './metrics-html.ts';
import { INITIAL_STATE, readPanelState } from './panel-state.ts';

describe('panels: state over a reload', () => {
  const STATE = {
    runs: [{ id: 'a', dir: '/d' }, { id: 'b' }],
    smoothing: 0.3,
    logScale: true,
    clip: true,
    logX: true,
    axis: 'epoch',
    show: 'table',
    hidden: ['b'],
    runsTable: { filter: 'lr', sort: { column: 'metric loss', descending: true }, values: 'best' },
  } as const;

  it('is what it was', () => assert.deepEqual(readPanelState(structuredClone(STATE)), STATE));

  it('is the initial one where it is lost or of another form', () => {
    for (const value of [undefined, null, 'x', [], {}])
      assert.deepEqual(readPanelState(value), INITIAL_STATE);
    assert.deepEqual(
      readPanelState({
        runs: ['a', { dir: 1 }, { id: 'c', dir: 7 }],
        smoothing: 1,
        show: 'map',
        hidden: 'b',
        runsTable: 3,
      }),
      {
        ...INITIAL_STATE,
        runs: [{ id: 'c' }],
      },
    );
  });
});

describe('panels: page', () => {
  it('lets nothing but its script in, and no text out of its state', () => {
    const html = metricsHtml('https://x/m.js', 'N0NCE', {
      ...INITIAL_STATE,
      runs: [{ id: '"><script>alert(1)</script>' }],
    });
    assert.match(html, /default-src 'none'; script-src 'nonce-N0NCE'; style-src 'nonce-N0NCE'/);
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.ok(html.includes('&quot;&gt;&lt;script&gt;') || html.includes('\\&quot;&gt;&lt;script&gt;'));
  });
});
