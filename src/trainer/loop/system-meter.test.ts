import assert from 'node:assert/strict';
import type { RunEventBody } from '../../protocol/events.ts';
import { readGpus, SystemMeter } from './system-meter.ts';

describe('what a run takes of its machine', () => {
  it('is told at most so often, with the time and the memory of this process', () => {
    const events: RunEventBody[] = [];
    const meter = new SystemMeter({ write: (event) => events.push(event), device: 'cpu', interval: 200 });
    const started = performance.now();
    let step = 0;
    // Busy all the time, so that about one core is taken.
    while (performance.now() - started < 500) meter.update(++step);
    assert.equal(events.length, 2);
    const [event] = events;
    assert.ok(event?.type === 'system' && event.step > 0 && event.step < step);
    const { cpu_percent: cpu, memory_megabytes: memory, ...others } = event.values;
    assert.ok(typeof cpu === 'number' && cpu > 20 && cpu < 100 * 64, `${cpu} %`);
    const megabytes = process.memoryUsage.rss() / 2 ** 20;
    assert.ok(typeof memory === 'number' && Math.abs(memory - megabytes) < megabytes / 2, `${memory} MiB`);
    assert.deepEqual(others, {});
  });

  it('leaves out what no program tells', async () => {
    const events: RunEventBody[] = [];
    const path = process.env.PATH;
    process.env.PATH = '';
    try {
      const meter = new SystemMeter({ write: (event) => events.push(event), device: 'cuda', interval: 0 });
      await new Promise((resolve) => setTimeout(resolve, 100));
      meter.update(1);
      await new Promise((resolve) => setTimeout(resolve, 100));
      meter.update(2);
    } finally {
      process.env.PATH = path;
    }
    assert.deepEqual(
      events.map((event) => event.type === 'system' && Object.keys(event.values)),
      [
        ['cpu_percent', 'memory_megabytes'],
        ['cpu_percent', 'memory_megabytes'],
      ],
    );
  });

  it('reads what nvidia-smi says of its cards', () => {
    assert.deepEqual(readGpus('87, 20113\n'), { gpu_percent: 87, gpu_memory_megabytes: 20_113 });
    assert.deepEqual(readGpus('0, 4\n97, 61234\n3, 512\n'), {
      gpu_percent: 97,
      gpu_memory_megabytes: 61_234,
    });
    assert.deepEqual(readGpus('[N/A], 300\n'), { gpu_memory_megabytes: 300 });
    assert.deepEqual(readGpus(''), {});
    assert.deepEqual(readGpus('No devices were found\n'), {});
  });
});
