import assert from 'node:assert/strict';
import { visibleParts, type TableScroll, type VisiblePart } from './visible.ts';

const SCROLL: TableScroll = { top: 0, height: 300, row: 30 };

describe('metrics: the rows of a long table', () => {
  const rows = (parts: VisiblePart[]) => parts.flatMap((part) => ('row' in part ? [part.row] : []));
  const height = (parts: VisiblePart[]) =>
    parts.reduce((sum, part) => sum + ('row' in part ? 30 : part.height), 0);

  it('are all drawn where they are few', () => {
    assert.equal(rows(visibleParts(60, -1, SCROLL)).length, 60);
    assert.deepEqual(visibleParts(0, -1, SCROLL), []);
  });

  it('are drawn where they are seen, and the table stays as high as it is', () => {
    for (const top of [0, 31, 7000, 14_700, 99_999]) {
      const parts = visibleParts(500, -1, { ...SCROLL, top });
      assert.equal(height(parts), 500 * 30);
      assert.ok(rows(parts).length <= 32, `${rows(parts).length} rows at ${top}.`);
      const seen = Math.min(499, Math.floor(top / 30));
      assert.ok(rows(parts).includes(seen));
    }
  });

  it('hold the row that the keyboard is on, wherever it is', () => {
    for (const active of [0, 250, 499]) {
      const parts = visibleParts(500, active, { ...SCROLL, top: 6000 });
      assert.ok(rows(parts).includes(active));
      assert.deepEqual(
        rows(parts),
        [...rows(parts)].sort((a, b) => a - b),
      );
      assert.equal(height(parts), 500 * 30);
    }
  });
});
