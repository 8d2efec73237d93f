import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { basename, dirname, isAbsolutePath, normalizePath, relativePath, resolvePath } from './path.ts';

describe('paths', () => {
  it('are resolved as Node does on Linux and macOS', () => {
    for (const [folder, path] of [
      ['/a/b', 'c.csv'],
      ['/a/b', '../c.csv'],
      ['/a/b', './x//y/'],
      ['/', '../..'],
      ['/a', '/b/./c'],
      ['/a', 'b\\c'],
    ] as const)
      assert.equal(resolvePath(folder, path), posix.resolve(folder, path), `${folder} ${path}`);
  });

  it('are resolved as Node does on Windows', () => {
    for (const [folder, path] of [
      ['C:\\a\\b', 'c.csv'],
      ['C:\\a\\b', '../c/d.csv'],
      ['C:\\a', 'b\\c'],
      ['C:\\a', 'D:/b/c'],
    ] as const)
      assert.equal(resolvePath(folder, path), win32.resolve(folder, path), `${folder} ${path}`);
  });

  it('have a folder and a last part', () => {
    assert.equal(dirname('/a/b/c.csv'), '/a/b');
    assert.equal(dirname('/a'), '/');
    assert.equal(dirname('/'), '/');
    assert.equal(dirname('C:\\a\\b'), 'C:\\a');
    assert.equal(dirname('C:\\a'), 'C:\\');
    assert.equal(basename('/a/b/c.csv'), 'c.csv');
    assert.equal(basename('C:\\a\\b'), 'b');
    assert.equal(basename('/'), '');
  });

  it('say whether they are absolute', () => {
    assert.deepEqual(['/a', 'C:\\a', 'C:/a', '\\\\server\\share', 'a/b', './a', 'C:a'].map(isAbsolutePath), [
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('are written relative to a config, with slashes', () => {
    assert.equal(relativePath('/w/configs', '/w/data/a.csv'), '../data/a.csv');
    assert.equal(relativePath('C:\\w\\configs', 'C:\\w\\data\\a.csv'), '../data/a.csv');
    assert.equal(relativePath('C:\\w', 'D:\\data'), 'D:\\data');
    assert.equal(relativePath('/w', '/w'), '.');
  });

  it('lead back to where they came from', () => {
    const parts = fc
      .array(fc.constantFrom('a', 'b', 'c c', '.x'), { maxLength: 5 })
      .map((all) => `/${all.join('/')}`);
    fc.assert(
      fc.property(parts, parts, (folder, path) => {
        assert.equal(resolvePath(folder, relativePath(folder, path)), normalizePath(path));
      }),
    );
  });
});
