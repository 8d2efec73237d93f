import { randomBytes } from 'node:crypto';

const RUN_ID = /^\d{8}T\d{6}Z-.+-[0-9a-f]{4}$/;
const MAX_NAME = 64;

/** Ids that this process has given out: at dozens of starts a second four random digits alone would meet now and then. */
const given = new Set<string>();

/** A new run id, `20261124T170135Z-intents-lora-1a2b`: it sorts by time, says the name, and does not repeat. */
export function createRunId(name: string, now: Date = new Date()): string {
  for (;;) {
    const id = formatRunId(name, now, randomBytes(2).toString('hex'));
    if (given.has(id)) continue;
    given.add(id);
    return id;
  }
}

/**
 * The id of a run by its parts. Characters of the name that a file system or a shell may stumble over become `-`.
 * @param digits four hex digits
 */
export function formatRunId(name: string, now: Date, digits: string): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const slug = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, MAX_NAME)
    .replace(/^[-.]+|[-.]+$/g, '');
  return `${time}-${slug || 'run'}-${digits}`;
}

/** Whether a folder name or an argument has the form of a run id. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text) && !/[\\/]/.test(text);
}
