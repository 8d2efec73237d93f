import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A copy of a fixture's model in which every dropout is on; the fixtures themselves have none. Returns `folder`. */
export function dropoutBase(folder: string, fixture: string): string {
  cpSync(fixture, folder, { recursive: true });
  const file = join(folder, 'config.json');
  // SAFETY: a config.json is an object.
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const fields = Object.entries(config).map(([name, value]) =>
    /drop/.test(name) && typeof value === 'number' ? [name, 0.15] : [name, value],
  );
  writeFileSync(file, JSON.stringify(Object.fromEntries(fields)));
  return folder;
}
