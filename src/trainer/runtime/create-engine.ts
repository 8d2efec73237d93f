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

/** Makes the engine for a device. */
export async function createEngine(
  spec: ModelSpec,
  values: ReadonlyMap<string, Float32Array>,
  { device, limits, accumulates }: EngineOptions,
): Promise<TrainingEngine> {
  if (device.device === 'webgpu') return WebGpuEngine.create(spec, values);
  return CpuEngine.create(spec, values, { threads: device.threads, limits, accumulates });
}
