import type { RunState } from '../../protocol/events.ts';
import type { Style } from './style.ts';

/** The colour of a state, the same in every table. */
export function paintState(state: RunState, style: Style): (text: string) => string {
  switch (state) {
    case 'finished':
      return style.green;
    case 'failed':
    case 'lost':
      return style.red;
    case 'stopped':
    case 'stopping':
    case 'paused':
    case 'queued':
      return style.yellow;
    case 'preparing':
    case 'running':
    case 'evaluating':
      return style.blue;
  }
}
