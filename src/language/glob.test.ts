import assert from 'node:assert/strict';
import { expandPattern, isPattern } from './glob.ts';
import { MemoryHost } from './testing/memory-host.ts';

describe('patterns of file names', () => {
  const files = [
    '/w/a.csv',
    '/w/b.csv',
    '/w/b1.csv',
    '/w/.hidden.csv',
    '/w/d/c.csv',
    '/w/d/e/f.csv',
    '/w/d.txt',
  ];
  const host = new MemoryHost({ files: Object.fromEntries(files.map((file) => [file, ''])) });
  const expand = (pattern: string) => expandPattern(pattern, (folder) => host.listDirectory(folder));

  for (const [pattern, expected] of [
    ['/w/*.csv', ['/w/a.csv', '/w/b.csv', '/w/b1.csv']],
    ['/w/b?.csv', ['/w/b1.csv']],
    ['/w/.*.csv', ['/w/.hidden.csv']],
    ['/w/*/c.csv', ['/w/d/c.csv']],
    ['/w/**/*.csv', ['/w/a.csv', '/w/b.csv', '/w/b1.csv', '/w/d/c.csv', '/w/d/e/f.csv']],
    ['/w/d/**/f.csv', ['/w/d/e/f.csv']],
    ['/w/*.json', []],
    ['/none/*.csv', []],
    ['/w/(a|b).c*v', []],
  ] as const)
    it(`${pattern}`, async () => assert.deepEqual(await expand(pattern), expected));

  it('are told from names', () => {
    assert.deepEqual(['a*', 'a?', 'a[1].csv', 'a.csv'].map(isPattern), [true, true, false, false]);
  });
});
