import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program in the repository's root, its output in this terminal; ends this process with `sentence` where it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} sentence what could not be done, for people
 * @param {Record<string, string>} [env] added to this process's own
 */
export function run(command, args, sentence, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) fail(error ? `${sentence} ${error.message}` : sentence);
}

/** Ends the process with a message. @returns {never} */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
