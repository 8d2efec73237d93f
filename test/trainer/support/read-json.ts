import { readFileSync } from 'node:fs';

/** The fields of a JSON file. */
export function readJson(file: string): Record<string, unknown> {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof value === 'object' ? { ...value } : {};
}
