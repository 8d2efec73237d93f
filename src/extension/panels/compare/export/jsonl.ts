import type { Exported } from './exported.ts';

/** One record a line, each with the answers of all candidates. */
export function* toJsonl({ rows }: Exported): Generator<string> {
  for (const record of rows) yield `${JSON.stringify(record)}\n`;
}
