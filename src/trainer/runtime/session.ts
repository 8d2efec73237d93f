import { InferenceSession } from 'onnxruntime-node';
import { TunebookError } from '../../protocol/error.ts';
import { isOutOfMemory } from '../../runs/out-of-memory.ts';

export interface SessionOptions {
  /** `cpu`, or the name of another execution provider of onnxruntime. */
  readonly device: string;
  /** Threads of one operator on the CPU; onnxruntime's own choice when absent. */
  readonly threads?: number;
  /** Outputs that stay on the device; only WebGPU has this. */
  readonly keepOnDevice?: readonly string[];
  /** Whether onnxruntime may rewrite the graph; true when absent. */
  readonly optimize?: boolean;
  /** Whether threads sleep as soon as a run has ended. By themselves they spin on for a while, and keep the cores from what comes next. */
  readonly resting?: boolean;
  /** Prefix of the file that onnxruntime writes its profile to. */
  readonly profile?: string;
}

/** How onnxruntime is asked for a device: by its name, and CoreML for the kind of model that has matrix products of two inputs. */
export function executionProvider(device: string): InferenceSession.ExecutionProviderConfig {
  return device === 'coreml' ? { name: 'coreml', coreMlFlags: COREML_CREATE_MLPROGRAM } : device;
}

/** `COREML_FLAG_CREATE_MLPROGRAM` of onnxruntime's coreml_provider_factory.h. */
const COREML_CREATE_MLPROGRAM = 0x010;

/**
 * Numbers below 1.2e-38 count as zero, in this thread and in onnxruntime's: the processor takes a hundred times as long for them, and softmax makes one of
 * every score that is masked. The first session of a process decides for the thread that makes it, so all sessions say so.
 */
const ALL_SESSIONS = { set_denormal_as_zero: '1' };

/**
 * Turns an encoded graph into something that runs.
 * @throws TunebookError `device/failed` when the device refuses the graph
 */
export async function createSession(model: Uint8Array, options: SessionOptions): Promise<InferenceSession> {
  const { device, threads, keepOnDevice = [], optimize = true, resting = false, profile } = options;
  try {
    return await InferenceSession.create(model, {
      executionProviders: device === 'cpu' ? ['cpu'] : [executionProvider(device), 'cpu'],
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      interOpNumThreads: 1,
      graphOptimizationLevel: optimize ? 'all' : 'disabled',
      // A pattern of one batch's shape is one block beside the blocks of the batch before: as much memory again, and no faster.
      enableMemPattern: false,
      // Warnings about nodes that run on the CPU on purpose are noise to whoever trains, and an error is thrown anyway.
      logSeverityLevel: 4,
      ...(keepOnDevice.length === 0
        ? {}
        : {
            preferredOutputLocation: Object.fromEntries(
              keepOnDevice.map((name) => [name, 'gpu-buffer' as const]),
            ),
          }),
      extra: { session: { ...ALL_SESSIONS, ...(resting ? { force_spinning_stop: '1' } : {}) } },
      ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
    });
  } catch (cause) {
    // That is no fault of the graph: whoever knows what it is for says what would need less.
    if (isOutOfMemory(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TunebookError(
      'device/failed',
      `The device "${device}" could not take the training graph: ${reason}`,
      {
        cause,
        hint:
          device === 'cpu'
            ? 'Please report this: it is a fault of Tunebook.'
            : 'Set target: { local: { device: cpu } }.',
      },
    );
  }
}
