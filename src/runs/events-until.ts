import type { RunEvent } from '../protocol/events.ts';
import { readEvents } from './events.ts';

/** The numbers, samples and checkpoint of a run until a step, `seq` counting from 1: what a run that goes on from there begins with. */
export function eventsUntil(dir: string, step: number): RunEvent[] {
  const kept: RunEvent[] = [];
  for (let fromByte = 0, more = true; more;) {
    const read = readEvents(dir, { fromByte });
    for (const event of read.events) {
      const isNumber = (event.type === 'metrics' || event.type === 'sample') && event.step <= step;
      const isCheckpoint = event.type === 'checkpoint' && event.step === step;
      if (isNumber || isCheckpoint) kept.push({ ...event, seq: kept.length + 1 });
    }
    ({ more, nextByte: fromByte } = read);
  }
  return kept;
}
