import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RunEventBody } from '../../protocol/events.ts';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { readGpus, SystemMeter } from './system-meter.ts';

describe('what a run takes of its machine', () => {
  const folder = temporaryFolder();

  it('is told at most so often, with the time and the memory of this process', () => {
    const events: RunEventBody[] = [];
    const look = () => ({ at: performance.now(), used: process.cpuUsage() });
    let megabytes = 0;
    const write = (event: RunEventBody) => {
      events.push(event);
      megabytes = process.memoryUsage.rss() / 2 ** 20;
    };
    const before = look();
    const meter = new SystemMeter({ write, device: 'cpu', interval: 200 });
    const [born, bornUsed] = [performance.now(), process.cpuUsage()];
    let step = 0;
    let last = look();
    // Busy all the time, so that about one core is taken, however often others get it.
    while (events.length === 0) {
      last = look();
      meter.update(++step);
    }
    const [end, endUsed] = [performance.now(), process.cpuUsage(before.used)];
    assert.ok(end - before.at >= 200, 'not before its time');
    const [event] = events;
    assert.ok(event?.type === 'system' && event.step === step && step > 1);
    const { cpu_percent: cpu, memory_megabytes: memory, ...others } = event.values;
    // What this test saw just before and just after what the meter saw bounds it.
    const milliseconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1000;
    const within = milliseconds(last.used) - milliseconds(bornUsed);
    const [least, most] = [within / (end - before.at), milliseconds(endUsed) / (last.at - born)];
    assert.ok(typeof cpu === 'number' && least > 0 && cpu >= 99 * least && cpu <= 101 * most, `${cpu} %`);
    assert.ok(typeof memory === 'number' && Math.abs(memory - megabytes) < megabytes / 10, `${memory} MiB`);
    assert.deepEqual(others, {});
    while (events.length === 1) meter.update(++step);
    assert.ok(performance.now() - last.at >= 200, 'nor is the second');
  });

  it('leaves out what no program tells', async () => {
    const events: RunEventBody[] = [];
    const path = process.env.PATH;
    process.env.PATH = '';
    try {
      const meter = new SystemMeter({ write: (event) => events.push(event), device: 'cuda', interval: 0 });
      await setTimeout(100);
      meter.update(1);
      await setTimeout(100);
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

  it('asks nvidia-smi once at a time, and tells what it says however late', async function () {
    if (process.platform === 'win32') this.skip();
    const [asked, go] = [join(folder.path, 'asked'), join(folder.path, 'go')];
    const program = `#!/bin/sh\necho asked >> '${asked}'\nwhile [ ! -e '${go}' ]; do sleep 0.01; done\necho '87, 20113'\n`;
    writeFileSync(join(folder.path, 'nvidia-smi'), program, { mode: 0o755 });
    const events: RunEventBody[] = [];
    const path = process.env.PATH;
    process.env.PATH = `${folder.path}:${path}`;
    try {
      const meter = new SystemMeter({ write: (event) => events.push(event), device: 'cuda', interval: 0 });
      for (let step = 1; step < 10; step++) meter.update(step);
      while (!existsSync(asked)) await setTimeout(5);
      for (let step = 10; step < 20; step++) meter.update(step);
      await setTimeout(50);
      assert.equal(readFileSync(asked, 'utf8'), 'asked\n');
      writeFileSync(go, '');
      for (let step = 20, told = false; !told; step++) {
        await setTimeout(5);
        meter.update(step);
        const event = events.at(-1);
        told = event?.type === 'system' && event.values['gpu_percent'] === 87;
      }
    } finally {
      process.env.PATH = path;
    }
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
