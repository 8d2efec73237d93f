import type { WireNumber } from '../../protocol/numbers.ts';
import type { DeviceComparison } from './compare-with-cpu.ts';
import type { Trial } from './try-device.ts';

/** What `tunebook try-device` prints as its last line. */
export type DeviceAnswer =
  | { readonly type: 'trial'; readonly trial: Trial }
  | {
      readonly type: 'compared';
      readonly comparison: Omit<DeviceComparison, 'deviation'> & { readonly deviation: WireNumber };
    }
  /** The device could not take the test step. */
  | { readonly type: 'failed'; readonly message: string };

/** Whether a line that was read is an answer: our own process of the same version printed it. */
export function isDeviceAnswer(value: unknown): value is DeviceAnswer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    ['trial', 'compared', 'failed'].includes(String(value.type))
  );
}
