import { toWire } from '../../protocol/numbers.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { DEVICE_QUESTIONS } from '../runtime/ask-device.ts';
import { compareWithCpu, type Precision } from '../runtime/compare-with-cpu.ts';
import { createEngine } from '../runtime/create-engine.ts';
import type { DeviceAnswer } from '../runtime/device-answer.ts';
import { isAccelerator, tryDevice, type Accelerator } from '../runtime/try-device.ts';

/** `tunebook try-device DEVICE try|compare|compare-float16`: what `devices` and runs ask a process of their own, as a driver may end it. */
export async function tryDeviceCommand({ positionals, terminal }: CommandInput): Promise<ExitCode> {
  const [device = '', asked] = positionals;
  const what = DEVICE_QUESTIONS.find((question) => question === asked);
  if (!isAccelerator(device) || !what)
    throw new UsageError(
      `It takes webgpu, cuda, dml or coreml, and ${DEVICE_QUESTIONS.join(' or ')}.`,
      'try-device',
    );
  terminal.printJson(
    what === 'try'
      ? { type: 'trial', trial: await tryDevice(device) }
      : await compare(device, what === 'compare' ? 'float32' : 'float16'),
  );
  return EXIT.done;
}

async function compare(device: Accelerator, precision: Precision): Promise<DeviceAnswer> {
  try {
    const comparison = await compareWithCpu(
      (spec, values, limits) =>
        createEngine(spec, values, {
          device: { device, description: device, reason: 'it is tested' },
          limits,
          accumulates: false,
        }),
      precision,
    );
    return { type: 'compared', comparison: { ...comparison, deviation: toWire(comparison.deviation) } };
  } catch (error) {
    return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
