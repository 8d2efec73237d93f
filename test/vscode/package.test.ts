import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installedExtension } from './support/session.ts';

describe('the installed package', () => {
  it('holds a command line that finds its native library', () => {
    const args = [join(installedExtension(), 'dist/tunebook.js'), 'devices', '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /"cpu"/);
  });

  it('holds the native library of this platform alone', () => {
    const native = join(installedExtension(), 'node_modules/onnxruntime-node/bin/napi-v6');
    assert.deepEqual(readdirSync(native), [process.platform]);
    assert.deepEqual(readdirSync(join(native, process.platform)), [process.arch]);
  });
});
