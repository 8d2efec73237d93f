import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { temporaryFolder } from './testing/fixtures.ts';

describe('makeFolder', () => {
  const folder = temporaryFolder();

  it('makes what is missing, with its permissions, and leaves what is there', () => {
    const deep = join(folder.path, 'a', 'b', 'c');
    makeFolder(deep, 0o700);
    makeFolder(deep);
    assert.equal(statSync(deep).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder.path, 'a')).mode & 0o777, 0o700);
    symlinkSync(deep, join(folder.path, 'link'));
    makeFolder(join(folder.path, 'link'));
    makeFolder(join(folder.path, 'link', 'd'));
    assert.ok(existsSync(join(deep, 'd')));
  });

  it('says which file stands where a folder is needed', () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    for (const wanted of [file, join(file, 'x'), join(file, 'x', 'y')])
      assert.throws(() => makeFolder(wanted), {
        code: 'run/not-a-folder',
        message: `${file} is a file, and a folder is needed there.`,
      });
  });

  // In a process of its own: what never returns cannot be timed out from within.
  it('ends where a file system takes nothing new', function () {
    if (!existsSync('/proc/self')) this.skip();
    const program = `import(${JSON.stringify(new URL('make-folder.ts', import.meta.url).href)})
      .then(({ makeFolder }) => makeFolder('/proc/nothing/new')).catch(({ code }) => console.log(code));`;
    const { stdout, signal } = spawnSync(process.execPath, ['-e', program], {
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    assert.equal(signal, null, 'it never ended');
    assert.equal(stdout.trim(), 'EACCES');
  });
});
