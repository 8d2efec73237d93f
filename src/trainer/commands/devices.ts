import { DeviceQueue } from '../../runs/device-queue.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { listDevices } from '../runtime/devices.ts';
import { formatTable, type Cell } from '../terminal/table.ts';

/** A device, or why there is none. */
interface DeviceRow {
  device: string;
  available: boolean;
  description: string;
  /** Ids of the run that computes on it, and of those that wait for it. */
  running?: string;
  waiting: string[];
}

/** `tunebook devices`: what can be trained on here, what it is doing, and why the others are not there. */
export async function devices({ terminal, flags }: CommandInput): Promise<ExitCode> {
  const rows = await deviceRows();
  if (flags.json) {
    for (const row of rows) terminal.printJson(row);
    return EXIT.done;
  }
  const { style, columns } = terminal;
  const cells = rows.map((row): Cell[] => [
    { text: row.device },
    { text: row.available ? 'available' : 'no', paint: row.available ? style.green : style.yellow },
    { text: occupation(row) },
    { text: row.description },
  ]);
  const layout = { width: columns, flexible: 2, style };
  for (const line of formatTable(['DEVICE', 'AVAILABLE', 'BUSY', 'DESCRIPTION'], cells, layout))
    terminal.print(line);
  terminal.print('');
  terminal.print(
    'A config takes one with `target: { local: { device: NAME } }`; `auto` takes the first that is available, but no software device.',
  );
  return EXIT.done;
}

async function deviceRows(): Promise<DeviceRow[]> {
  return (await listDevices()).map((listed) => {
    if (!listed.available) return { ...listed, waiting: [] };
    const queue = new DeviceQueue(listed.device);
    const running = queue.lock.holder()?.run;
    const waiting = queue.waiting().map(({ run }) => run);
    return { ...listed, ...(running === undefined ? {} : { running }), waiting };
  });
}

function occupation({ available: there, running, waiting }: DeviceRow): string {
  if (!there) return '';
  const queue = waiting.length === 0 ? '' : `, ${waiting.length} waiting`;
  return running === undefined && waiting.length === 0 ? 'free' : `${running ?? 'free'}${queue}`;
}
