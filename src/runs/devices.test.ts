import assert from 'node:assert/strict';
import { DeviceQueue } from './device-queue.ts';
import { listDeviceUse, readNvidiaSmi } from './devices.ts';
import { ownRuntimeFolder } from './testing/fixtures.ts';

describe('devices and what goes on there', () => {
  ownRuntimeFolder();

  it('are the processor with the memory of the machine, and who computes and waits', async () => {
    const queue = new DeviceQueue('cpu');
    const release = queue.lock.tryAcquire('a', '/runs/a');
    queue.enter('b', '/runs/b');
    const [cpu] = await listDeviceUse();
    assert.equal(cpu?.device, 'cpu');
    assert.ok(cpu && cpu.memory.used > 0 && cpu.memory.used < cpu.memory.total);
    assert.deepEqual([cpu?.running, cpu?.waiting], ['a', ['b']]);
    assert.deepEqual(DeviceQueue.known(), ['cpu']);
    queue.leave('b');
    release?.();
  });

  it('reads what nvidia-smi prints', () => {
    assert.deepEqual(readNvidiaSmi('NVIDIA H100 80GB HBM3, 512, 81559\n[N/A]\n\n'), [
      { description: 'NVIDIA H100 80GB HBM3', memory: { used: 512 * 2 ** 20, total: 81559 * 2 ** 20 } },
    ]);
  });
});
