import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { dirname, join } from 'node:path';
import { fromWire, toWire, type WireNumber } from '../../protocol/numbers.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import { versions } from '../launch/versions.ts';
import { TunebookError } from '../../protocol/error.ts';
import { askDevice } from './ask-device.ts';
import type { DeviceComparison, Precision } from './compare-with-cpu.ts';
import type { FoundDevice } from './try-device.ts';
import { userCacheFolder } from './user-cache.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** What was found when a device's results were compared with the CPU's. */
export interface DeviceVerdict extends DeviceComparison {
  /** When, ISO 8601. */
  readonly checkedAt: string;
  /** Where the verdict is kept; deleting the file makes the next run compare again. */
  readonly file: string;
}

/**
 * Whether a device trains as the CPU does: compared before the first run on it, in a process of its own, then remembered for this user,
 * machine, driver and version, for products in float32 and in float16 apart. Takes some seconds the first time.
 * @throws TunebookError `device/failed` when the device cannot take the model at all; that is not remembered
 */
export async function deviceVerdict(found: FoundDevice, precision: Precision): Promise<DeviceVerdict> {
  const kept = keptVerdict(found, precision);
  if (kept) return kept;
  const answer = await askDevice(found.device, precision === 'float32' ? 'compare' : 'compare-float16');
  if (typeof answer !== 'string' && answer.type === 'compared') {
    const { deviation, ...rest } = answer.comparison;
    return keepVerdict(found, precision, { ...rest, deviation: fromWire(deviation) });
  }
  const reason = typeof answer === 'string' ? answer : answer.type === 'failed' ? answer.message : '';
  throw new TunebookError(
    'device/failed',
    `The device "${found.device}" could not take a training step${precision === 'float16' ? ' in float16' : ''} to test it by. ${reason}`,
    { hint: 'Set target: { local: { device: cpu } }, or update the graphics driver.' },
  );
}

/** The verdict of an earlier comparison, if there is one. A file that cannot be read counts for none. */
export function keptVerdict(device: FoundDevice, precision: Precision): DeviceVerdict | undefined {
  const file = verdictFile(device, precision);
  if (!existsSync(file)) return undefined;
  try {
    // SAFETY: written by keepVerdict; a file of another shape fails the checks below.
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<string, unknown>>;
    const { deviation, of, agrees, checkedAt } = kept;
    if (typeof of !== 'string' || typeof agrees !== 'boolean' || typeof checkedAt !== 'string')
      return undefined;
    // SAFETY: toWire wrote a number or one of the words for what JSON has no number for.
    return { deviation: fromWire(deviation as WireNumber), of, agrees, checkedAt, file };
  } catch {
    return undefined;
  }
}

/** Remembers a comparison. Where the cache cannot be written the next run compares again. */
export function keepVerdict(
  device: FoundDevice,
  precision: Precision,
  comparison: DeviceComparison,
): DeviceVerdict {
  const file = verdictFile(device, precision);
  const checkedAt = new Date().toISOString();
  const content = { ...comparison, deviation: toWire(comparison.deviation), checkedAt, ...identity(device) };
  try {
    makeFolder(dirname(file));
    writeFileAtomic(file, `${JSON.stringify(content, undefined, 2)}\n`, { durable: false });
  } catch {
    // A cache is a convenience: the verdict of this run stands without it.
  }
  return { ...comparison, checkedAt, file };
}

function verdictFile(found: FoundDevice, precision: Precision): string {
  const key = createHash('sha256')
    .update(JSON.stringify(identity(found)))
    .digest('hex')
    .slice(0, 16);
  return join(
    userCacheFolder(),
    'devices',
    `${found.device}-${precision === 'float32' ? '' : 'float16-'}${key}.json`,
  );
}

/** Everything that may change a device's results and can be known: onnxruntime does not tell the adapter or its driver. */
function identity({ description }: FoundDevice): Record<string, string> {
  const { tunebook, onnxruntime } = versions();
  const nvidia = '/proc/driver/nvidia/version';
  return {
    device: description,
    machine: hostname(),
    system: `${process.platform} ${release()} ${process.arch}`,
    driver: [
      process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES'] ?? '',
      existsSync(nvidia) ? readFileSync(nvidia, 'utf8') : '',
    ].join('\n'),
    tunebook,
    onnxruntime,
  };
}
