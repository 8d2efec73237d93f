import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { createStyle } from './style.ts';
import { formatTable } from './table.ts';

const ROWS = [
  [{ text: 'a' }, { text: 'a rather long sentence about it' }, { text: 'now' }],
  [{ text: 'bcd' }, { text: 'short' }, { text: '3 d ago' }],
];
const HEADER = ['ID', 'DETAILS', 'AGE'];

describe('formatTable', () => {
  it('sets columns beside each other, without spaces at the ends', () => {
    assert.deepEqual(formatTable(HEADER, ROWS, { width: Infinity, flexible: 1, style: createStyle(false) }), [
      'ID   DETAILS                          AGE',
      'a    a rather long sentence about it  now',
      'bcd  short                            3 d ago',
    ]);
  });

  it('shortens the flexible column where the terminal is narrow', () => {
    const lines = formatTable(HEADER, ROWS, { width: 30, flexible: 1, style: createStyle(false) });
    assert.ok(lines.every((line) => line.length <= 30));
    assert.match(lines[1] ?? '', /^a {4}a rather long s… +now$/);
  });

  it('lets a very long cell push what follows, where nothing is cut off, and does not fill others up to it', () => {
    const long = 'why it failed, '.repeat(20);
    const rows = [...ROWS, [{ text: 'ef' }, { text: long }, { text: 'now' }]];
    const lines = formatTable(HEADER, rows, { width: Infinity, flexible: 1, style: createStyle(false) });
    assert.equal(lines[2], `bcd  ${'short'.padEnd(60)}  3 d ago`);
    assert.equal(lines[3], `ef   ${long}  now`);
  });

  it('keeps its columns whatever is painted', () => {
    const style = createStyle(true);
    const painted = ROWS.map((row) => row.map((cell) => ({ ...cell, paint: style.red })));
    const layout = { width: 60, flexible: 1 };
    assert.deepEqual(
      formatTable(HEADER, painted, { ...layout, style }).map(stripVTControlCharacters),
      formatTable(HEADER, ROWS, { ...layout, style: createStyle(false) }),
    );
  });
});
