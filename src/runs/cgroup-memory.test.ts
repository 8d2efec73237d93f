import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { groupMemory } from './cgroup-memory.ts';
import { machineMemory } from './machine-memory.ts';
import { temporaryFolder } from './testing/fixtures.ts';

const GIB = 2 ** 30;

describe('the memory of a control group', () => {
  const folder = temporaryFolder();

  /** A system with these files. */
  function system(files: Record<string, string>): string {
    const root = mkdtempSync(join(folder.path, 'system-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), `${content}\n`);
    }
    return root;
  }

  it('is its limit, and what it has without cached files, as a container sees it', () => {
    const root = system({
      'proc/self/cgroup': '0::/',
      'sys/fs/cgroup/memory.max': String(4 * GIB),
      'sys/fs/cgroup/memory.current': String(3 * GIB),
      'sys/fs/cgroup/memory.stat': `anon ${GIB}\nactive_file 5\ninactive_file ${2 * GIB}\nunevictable 0`,
    });
    assert.deepEqual(groupMemory(root), { limit: 4 * GIB, used: GIB });
  });

  it('is that of a group above it where that has less left', () => {
    const root = system({
      'proc/self/cgroup': '0::/user.slice/app.scope',
      'sys/fs/cgroup/user.slice/app.scope/memory.max': 'max',
      'sys/fs/cgroup/user.slice/app.scope/memory.current': String(GIB),
      'sys/fs/cgroup/user.slice/memory.max': String(8 * GIB),
      'sys/fs/cgroup/user.slice/memory.current': String(6 * GIB),
    });
    assert.deepEqual(groupMemory(root), { limit: 8 * GIB, used: 6 * GIB });
  });

  it('is found where the path is that of the system outside, also with the files of version 1', () => {
    const root = system({
      'proc/self/cgroup': '9:name=systemd:/docker/ab12\n5:cpuacct,memory:/docker/ab12\n0::/docker/ab12',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': String(2 * GIB),
      'sys/fs/cgroup/memory/memory.usage_in_bytes': String(GIB),
      'sys/fs/cgroup/memory/memory.stat': `inactive_file 7\ntotal_inactive_file ${GIB / 4}`,
    });
    assert.deepEqual(groupMemory(root), { limit: 2 * GIB, used: 0.75 * GIB });
  });

  it('is not known where nothing is limited, and on other systems', () => {
    const files = { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': 'max' };
    assert.equal(groupMemory(system({ ...files, 'sys/fs/cgroup/memory.current': '5' })), undefined);
    assert.equal(groupMemory(system({})), undefined);
  });

  it('counts as the memory of the machine, with what others of the group have', () => {
    const root = system({
      'proc/self/cgroup': '0::/',
      'sys/fs/cgroup/memory.max': String(GIB),
      'sys/fs/cgroup/memory.current': String(0.9 * GIB),
    });
    const { total, used } = machineMemory(groupMemory(root));
    assert.equal(total, GIB);
    assert.ok(used >= 0.9 * GIB && used <= GIB, `${used}`);
    const alone = machineMemory(undefined);
    assert.ok(alone.used > 0 && alone.used <= alone.total);
  });
});
