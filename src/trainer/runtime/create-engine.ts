import { TunebookError } from '../../protocol/error.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { CpuEngine, type BatchLimits } from './cpu-engine.ts';
import type { TrainingEngine } from './engine.ts';
import type { ModelSpec } from './model-spec.ts';
import { WebGpuEngine } from './webgpu-engine.ts';

export interface EngineOptions {
  readonly device: DeviceInfo;
  readonly limits: BatchLimits;
  readonly accumulates: boolean;
}

function noQuantization(): TunebookError {
  return new TunebookError(
    'device/no-quantization',
    'Weights in 4 bits are computed on the processor only.',
    {
      hint: 'Set target: { local: { device: cpu } }, or remove method: quantization.',
    },
  );
}

/**
 * Makes the engine for a device: WebGPU keeps weights and moments in its own memory; on the other devices onnxruntime computes the
 * gradients and hands them back, and the optimizer runs on the processor. On the CPU, TUNEBOOK_PROFILE=PREFIX makes
 * onnxruntime write a profile of the steps.
 * @throws TunebookError `device/failed` when the device cannot take the model
 */
export async function createEngine(
  spec: ModelSpec,
  values: ReadonlyMap<string, Float32Array>,
  { device, limits, accumulates }: EngineOptions,
): Promise<TrainingEngine> {
  if (device.device !== 'cpu' && spec.options.quantized) throw noQuantization();
  if (device.device === 'webgpu') return WebGpuEngine.create(spec, values);
  const profile = process.env['TUNEBOOK_PROFILE'] || undefined;
  return CpuEngine.create(spec, values, {
    device: device.device,
    threads: device.threads,
    limits,
    accumulates,
    profile,
  });
}
