import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { TunebookError } from '../../protocol/error.ts';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { keepVerdict, keptVerdict, type DeviceVerdict } from './device-verdict.ts';
import { chooseDevice, decideDevice } from './devices.ts';
import type { Accelerator, FoundDevice, Trial } from './try-device.ts';

const GPU: FoundDevice = { device: 'webgpu', description: 'A GPU of the test', software: false };
const CUDA: FoundDevice = { device: 'cuda', description: 'CUDA', software: false };

/** A machine with these devices. */
const having =
  (...found: FoundDevice[]) =>
  async (device: Accelerator): Promise<Trial> =>
    found.find((each) => each.device === device) ?? { device, problem: `There is no ${device}.` };

const verdict = (agrees: boolean): DeviceVerdict => ({
  agrees,
  deviation: agrees ? 1e-6 : 0.25,
  of: 'gradient of classifier.weight',
  checkedAt: '2026-11-25T10:00:00.000Z',
  file: '/cache/devices/webgpu-1.json',
});
const rightly = async () => verdict(true);
const wrongly = async () => verdict(false);
const untested = async (): Promise<DeviceVerdict> => {
  throw new Error('nothing had to be compared');
};

describe('the device of a run', () => {
  it('is a GPU whose results are right', async () => {
    assert.deepEqual(await decideDevice('auto', having(GPU, CUDA), rightly), {
      device: 'webgpu',
      description: 'A GPU of the test',
      reason: 'a GPU was found',
    });
  });

  it('is the next one when the first computes something else', async () => {
    const rightOnCuda = async ({ device }: FoundDevice) => verdict(device === 'cuda');
    assert.equal((await decideDevice('auto', having(GPU, CUDA), rightOnCuda)).device, 'cuda');
  });

  it('is the CPU when every GPU computes something else, and says why', async () => {
    const { device, reason } = await decideDevice('auto', having(GPU), wrongly);
    assert.equal(device, 'cpu');
    assert.match(
      reason,
      /webgpu was found, but its results differ .*gradient of classifier\.weight by 0\.25/,
    );
  });

  it('is the CPU when the GPU cannot take the model, and says why', async () => {
    const { device, reason } = await decideDevice('auto', having(GPU), async () => {
      throw new TunebookError('device/failed', 'out of memory');
    });
    assert.equal(device, 'cpu');
    assert.match(reason, /could not run a test step: out of memory/);
  });

  it('is the CPU where there is no GPU, or only a software one, which is not even compared', async () => {
    assert.equal((await decideDevice('auto', having(), untested)).device, 'cpu');
    const { device, reason } = await decideDevice('auto', having({ ...GPU, software: true }), untested);
    assert.equal(device, 'cpu');
    assert.match(reason, /software/);
  });

  it('is an error when the config asks for a GPU that computes something else', async () => {
    await assert.rejects(decideDevice('webgpu', having(GPU), wrongly), (error: unknown) => {
      assert.ok(error instanceof TunebookError);
      assert.equal(error.code, 'device/wrong-results');
      assert.match(
        error.message,
        /A GPU of the test.*2026-11-25.*gradient of classifier\.weight differed by 0\.25/,
      );
      assert.match(error.hint ?? '', /device: cpu.*delete \/cache\/devices\/webgpu-1\.json/);
      return true;
    });
  });

  it('is an error with the reason when the config asks for what is not there, never another device', async () => {
    await assert.rejects(decideDevice('cuda', having(GPU), untested), (error: unknown) => {
      assert.ok(error instanceof TunebookError);
      assert.equal(error.code, 'device/not-found');
      assert.match(error.message, /"cuda" cannot be used on this machine\. There is no cuda\./);
      assert.match(error.hint ?? '', /This machine has: webgpu, cpu\./);
      return true;
    });
    await assert.rejects(decideDevice('rocm', having(GPU), untested), { code: 'device/not-found' });
  });

  it('multiplies float16 where the run asks for it: another one is an error by name, and passed over by auto', async () => {
    const without = having({ ...GPU, noFloat16: 'Program Cast requires f16.' }, CUDA);
    assert.equal((await decideDevice('auto', without, rightly, { float16: true })).device, 'cuda');
    assert.equal((await decideDevice('auto', without, rightly)).device, 'webgpu');
    await assert.rejects(decideDevice('webgpu', without, rightly, { float16: true }), {
      code: 'device/no-float16',
      message: /"webgpu" cannot multiply float16 .* Program Cast requires f16\./,
    });
  });

  it('is right in float16 too where the run asks for it: else an error by name, and passed over by auto', async () => {
    const asked: string[] = [];
    const wrongInHalf = async ({ device }: FoundDevice, precision: string) => {
      asked.push(`${device} ${precision}`);
      return verdict(device === 'cuda' || precision === 'float32');
    };
    const half = { float16: true };
    assert.equal((await decideDevice('auto', having(GPU, CUDA), wrongInHalf, half)).device, 'cuda');
    assert.deepEqual(asked, ['webgpu float32', 'webgpu float16', 'cuda float32', 'cuda float16']);
    const { reason } = await decideDevice('auto', having(GPU), wrongInHalf, half);
    assert.match(reason, /webgpu was found, but in float16 its results differ/);
    await assert.rejects(decideDevice('webgpu', having(GPU), wrongInHalf, half), {
      code: 'device/wrong-results',
      message: /computes other results than the CPU in float16: /,
      hint: /^Remove fp16, or update the graphics driver/,
    });
    assert.equal((await decideDevice('webgpu', having(GPU), wrongInHalf)).device, 'webgpu');
  });

  it('has the threads that the config asks for', async () => {
    assert.equal((await chooseDevice('cpu', { threads: 3 })).threads, 3);
    assert.match((await chooseDevice('cpu', { threads: 1 })).description, /, 1 thread$/);
  });
});

describe('the verdict on a device', () => {
  const cache = temporaryFolder();
  let previous: string | undefined;
  before(() => {
    previous = process.env['TUNEBOOK_CACHE_DIR'];
    process.env['TUNEBOOK_CACHE_DIR'] = cache.path;
  });
  after(() => {
    if (previous === undefined) delete process.env['TUNEBOOK_CACHE_DIR'];
    else process.env['TUNEBOOK_CACHE_DIR'] = previous;
  });

  it('is kept for the device it was made of, and for no other', () => {
    assert.equal(keptVerdict(GPU, 'float32'), undefined);
    const made = keepVerdict(GPU, 'float32', { deviation: NaN, of: 'loss', agrees: false });
    assert.deepEqual(keptVerdict(GPU, 'float32'), made);
    assert.equal(keptVerdict(GPU, 'float16'), undefined);
    const half = keepVerdict(GPU, 'float16', { deviation: 1e-3, of: 'loss', agrees: true });
    assert.deepEqual(keptVerdict(GPU, 'float16'), half);
    assert.deepEqual(keptVerdict(GPU, 'float32'), made);
    assert.equal(keptVerdict({ ...GPU, description: 'Another GPU' }, 'float32'), undefined);
  });

  it('is made again when its file is torn', () => {
    const { file } = keepVerdict(GPU, 'float32', { deviation: 0, of: 'loss', agrees: true });
    writeFileSync(file, '{"deviation": 0, "of"');
    assert.equal(keptVerdict(GPU, 'float32'), undefined);
  });
});
