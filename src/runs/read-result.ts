import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../protocol/run.ts';

/** `result.json` of a run directory as it stands there; undefined where it is missing or no JSON. */
export function readResult(dir: string): unknown {
  try {
    return JSON.parse(readFileSync(join(dir, RUN_FILES.result), 'utf8'));
  } catch {
    return undefined;
  }
}
