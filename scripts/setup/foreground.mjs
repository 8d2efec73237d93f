import { spawn } from 'node:child_process';
import { root } from './run.mjs';

/**
 * Runs a program in this terminal and gives its exit code as a shell would. Ctrl+C reaches the program by itself (it is of the same
 * process group), so this process only waits until the program has cleaned up; other signals are passed on.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function foreground(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  const wait = () => undefined;
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', wait).on('SIGTERM', pass).on('SIGHUP', pass);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...result) => resolve(result));
  });
  process.off('SIGINT', wait).off('SIGTERM', pass).off('SIGHUP', pass);
  return code ?? { SIGINT: 130, SIGTERM: 143 }[signal] ?? 1;
}
