import assert from 'node:assert/strict';
import { isChecked, pathOf, uriOf } from './uri.ts';

describe('pathOf', () => {
  it('reads what editors write, and writes it back', () => {
    assert.equal(pathOf('file:///work/a%20b/%C3%A4.tune.yaml'), '/work/a b/ä.tune.yaml');
    assert.equal(pathOf(uriOf('/work/a b/ä#1.tune.yaml')), '/work/a b/ä#1.tune.yaml');
  });

  it('gives a text that is no file a path without neighbours', () => {
    assert.equal(pathOf('untitled:Untitled-1'), '/untitled:/Untitled-1');
    assert.equal(pathOf('git:/work/a.tune.yaml?x'), '/git:/%2Fwork%2Fa.tune.yaml%3Fx');
  });
});

describe('isChecked', () => {
  it('is true for files and unsaved texts alone', () => {
    assert.deepEqual(
      ['file:///a.tune.yaml', 'untitled:a', 'git:/a.tune.yaml', 'vscode-userdata:/a'].map(isChecked),
      [true, true, false, false],
    );
  });
});
