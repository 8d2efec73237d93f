/**
 * A process for the lock tests: takes the device named in its second argument for the run directory in its first, `count`
 * times; while it holds it, it checks that nobody else does by making and removing a file exclusively.
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import { acquireDevice } from '../acquire-device.ts';
import { StopRequest } from '../stop.ts';

const [dir = '', device = '', witness = '', count = '1'] = process.argv.slice(2);
for (let turn = 0; turn < Number(count); turn++) {
  const lease = await acquireDevice(device, dir, {
    stop: new StopRequest(),
    onWait: () => undefined,
    interval: 1,
  });
  closeSync(openSync(witness, 'wx'));
  await new Promise((resolve) => setTimeout(resolve, 1));
  rmSync(witness);
  lease?.release();
}
process.stdout.write('done\n');
