import { existsSync } from 'node:fs';
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

/** Skips the tests of the enclosing `describe`, saying why, where there is no WebGPU device at all. */
export function needsWebGpu(): void {
  before(async function () {
    this.timeout(60_000);
    if (!('problem' in (await findDevice('webgpu')))) return;
    process.stdout.write(
      '    skipped: no WebGPU device. On Debian, apt-get install chromium libvulkan1 brings a software one.\n',
    );
    this.skip();
  });
}
