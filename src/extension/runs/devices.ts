import { execFile } from 'node:child_process';

/** A device of `tunebook devices --json`: what it is, or why it cannot be used. */
export interface ListedDevice {
  device: string;
  available: boolean;
  description: string;
}

/**
 * Asks the trainer which devices there are. Nothing native is loaded here: the trainer tries each in a process of its own.
 * Never throws: where there is no trainer for this platform, nothing is listed.
 */
export function askForDevices(trainer: string): Promise<ListedDevice[]> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, [trainer, 'devices', '--json'], { env }, (_error, stdout) =>
      resolve(stdout.split('\n').flatMap(readLine)),
    );
  });
}

function readLine(line: string): ListedDevice[] {
  if (!line.startsWith('{"device"')) return [];
  // SAFETY: printed by our own trainer of this same version.
  return [JSON.parse(line) as ListedDevice];
}
