/**
 * A real writer process for the kill tests: writes events to the run directory in its first argument as fast as it can,
 * with files written atomically in between, until it is killed. Prints a line when it has begun.
 */
import { RunWriter } from '../writer.ts';

const writer = new RunWriter(process.argv[2] ?? '');
writer.event({ type: 'state', state: 'running' });
process.stdout.write('writing\n');
for (let step = writer.fold.step + 1; ; step++) {
  writer.event({
    type: 'metrics',
    split: 'train',
    step,
    epoch: 0,
    values: { loss: 1 / step, padding: Math.PI },
  });
  if (step % 20 === 0) {
    writer.writeFileAtomic('weights.bin', Buffer.alloc(1 << 20, step % 251));
    writer.event({ type: 'checkpoint', step, path: 'weights.bin' });
  }
}
