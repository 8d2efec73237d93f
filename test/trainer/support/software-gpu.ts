import { existsSync } from 'node:fs';
import { DeviceCopy } from '../../../src/trainer/runtime/device-copy.ts';
import { findDevice } from '../../../src/trainer/runtime/devices.ts';

/** The software Vulkan device that Debian's chromium package brings. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Lets onnxruntime find a software device where the machine names no driver of its own. Must come before any session. */
export function useSoftwareGpu(): void {
  if (process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES']) return;
  if (!existsSync(SWIFTSHADER)) return;
  process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
  process.env['XDG_RUNTIME_DIR'] ??= '/tmp';
}

/** After the last test of the process, whichever file it is in. */
after(async () => {
  await held?.dispose();
  held = undefined;
});

/** Sessions that stay open: with the last one on a device onnxruntime forgets the shaders that it compiled, which are most of what a test takes. */
let held: DeviceCopy | undefined;

/**
 * Skips the tests of the enclosing `describe`, saying why, where there is no WebGPU device at all. From then on the process compiles a
 * shader once, for all its tests.
 */
export function needsWebGpu(): void {
  before(async function () {
    this.timeout(300_000);
    if (!('problem' in (await findDevice('webgpu')))) {
      held ??= await DeviceCopy.create([{ name: 'held', shape: [1] }]);
      return;
    }
    process.stdout.write(
      '    skipped: no WebGPU device. On Debian, apt-get install chromium libvulkan1 brings a software one.\n',
    );
    this.skip();
  });
}
