import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../protocol/error.ts';
import { RUN_FILES, type RunMeta } from '../protocol/run.ts';
import { writeFileAtomic } from './atomic.ts';
import { explainWriteError } from './errors.ts';

const LONGEST_NAME = 200;
const LONGEST_NOTES = 64 * 1024;
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

/** What a person said of a run. Without `meta.json`, and of fields in it that are of the wrong type, nothing is known. */
export function readMeta(dir: string): RunMeta {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(dir, RUN_FILES.meta), 'utf8'));
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  // SAFETY: an object; the type of every field is looked at below.
  const { name, pinned, notes, tags } = value as Record<keyof RunMeta, unknown>;
  return clean({
    name: typeof name === 'string' ? name : undefined,
    pinned: pinned === true,
    notes: typeof notes === 'string' ? notes : undefined,
    tags: Array.isArray(tags) ? tags.filter((tag: unknown) => typeof tag === 'string') : [],
  });
}

/**
 * Changes what a person says of a run; fields that are not named stay. An empty name or note takes it away. Gives all of it.
 * @throws TunebookError `run/meta` for a name, note or tag that cannot be one; `run/not-writable` and its kind
 */
export function changeMeta(dir: string, change: Partial<RunMeta>): RunMeta {
  check(change);
  // Read just before it is written: another window may have changed another field.
  const meta = clean({ ...readMeta(dir), ...change });
  try {
    writeFileAtomic(join(dir, RUN_FILES.meta), `${JSON.stringify(meta, undefined, 2)}\n`);
  } catch (error) {
    throw explainWriteError(error, RUN_FILES.meta, dir);
  }
  return meta;
}

function check({ name, notes, tags }: Partial<RunMeta>): void {
  if (name !== undefined && (name.length > LONGEST_NAME || /[\r\n]/.test(name)))
    throw new TunebookError(
      'run/meta',
      `The name of a run is one line of at most ${LONGEST_NAME} characters.`,
      {
        hint: 'Put the rest into its notes.',
      },
    );
  if (notes !== undefined && notes.length > LONGEST_NOTES)
    throw new TunebookError('run/meta', `The notes of a run have at most ${LONGEST_NOTES} characters.`, {
      hint: 'Put them into a file beside the config.',
    });
  const wrong = tags?.find((tag) => !TAG.test(tag));
  if (wrong !== undefined)
    throw new TunebookError('run/meta', `${JSON.stringify(wrong)} cannot be a tag.`, {
      hint: 'A tag is made of letters, digits, ".", "_" and "-", and begins with a letter or a digit.',
    });
}

/** Without what says nothing: so a file made by hand and one made here read alike. */
function clean({ name, pinned, notes, tags = [] }: Partial<RunMeta>): RunMeta {
  const distinct = [...new Set(tags)];
  return {
    ...(name === undefined || name.trim() === '' ? {} : { name: name.trim() }),
    ...(pinned ? { pinned } : {}),
    ...(notes === undefined || notes.trim() === '' ? {} : { notes }),
    ...(distinct.length === 0 ? {} : { tags: distinct }),
  };
}
