import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './testing/fixtures.ts';
import { findWorkspace } from './workspace.ts';

describe('findWorkspace', () => {
  const folder = temporaryFolder();

  it('takes the nearest ancestor with .tunebook or .git', () => {
    const inner = join(folder.path, 'repo', 'project', 'configs');
    mkdirSync(inner, { recursive: true });
    mkdirSync(join(folder.path, 'repo', '.git'));
    assert.equal(findWorkspace(join(inner, 'a.tune.yaml')), join(folder.path, 'repo'));
    mkdirSync(join(folder.path, 'repo', 'project', '.tunebook'));
    assert.equal(findWorkspace(join(inner, 'a.tune.yaml')), join(folder.path, 'repo', 'project'));
    assert.equal(findWorkspace(inner, true), join(folder.path, 'repo', 'project'));
  });

  it("takes the config's own folder when no ancestor is one", () => {
    mkdirSync(join(folder.path, 'alone', 'deep'), { recursive: true });
    assert.equal(
      findWorkspace(join(folder.path, 'alone', 'deep', 'a.tune.yaml')),
      join(folder.path, 'alone', 'deep'),
    );
  });
});
