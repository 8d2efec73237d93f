import { WRITTEN_STATES, type RunEvent } from '../protocol/events.ts';

const STATES: readonly string[] = WRITTEN_STATES;

/** What each type of event must hold to be used; an event of a type that is not here was written by a newer Tunebook. */
const SHAPES: Record<string, (event: Record<string, unknown>) => boolean> = {
  state: (e) => STATES.includes(String(e.state)),
  progress: (e) => isText(e.phase) && isNumber(e.done) && isNumber(e.total),
  metrics: (e) =>
    (e.split === 'train' || e.split === 'eval') &&
    isNumber(e.step) &&
    isNumber(e.epoch) &&
    isRecord(e.values),
  system: (e) => isNumber(e.step) && isRecord(e.values),
  sample: (e) => isNumber(e.step) && isText(e.prompt) && isText(e.output),
  warning: (e) => isText(e.code) && isText(e.message),
  checkpoint: (e) => isNumber(e.step) && isText(e.path),
  evaluation: (e) => isText(e.name) && isRecord(e.result),
  error: (e) => isText(e.code) && isText(e.message),
};

/**
 * Reads one line of `events.jsonl`. Gives the event; or a sentence that says why the line is none; or undefined for
 * an empty line and for an event of a type that this version does not know.
 */
export function parseEvent(line: string): RunEvent | string | undefined {
  if (line.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'A line is not JSON.';
  }
  if (!isRecord(value) || !isText(value.type)) return 'A line is not an event.';
  if (!Number.isSafeInteger(value.seq) || !isText(value.time)) return 'An event lacks its seq or its time.';
  const shape = SHAPES[value.type];
  if (!shape) return undefined;
  if (!shape(value)) return `An event of type ${value.type} lacks a field, or a field has the wrong type.`;
  // SAFETY: seq, time and every required field of this type of event were checked just now.
  return value as unknown as RunEvent;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
