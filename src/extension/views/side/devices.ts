import { formatBytes, formatPercent } from '../../../protocol/format.ts';
import { listDeviceUse, type DeviceUse } from '../../../runs/devices.ts';
import type { ListedDevice } from '../../runs/devices.ts';
import type { RunStore } from '../../runs/run-store.ts';
import { sideItem, type SideRow } from './side-view.ts';

/**
 * The Devices view: what can be computed on, its memory, which run computes there and which wait, in their order; and why the other devices
 * that a config may name are not available.
 */
export async function deviceRows(
  store: RunStore,
  listed: Promise<readonly ListedDevice[]>,
): Promise<SideRow[]> {
  const [uses, devices] = [await listDeviceUse(), await listed];
  const nameOf = (use: DeviceUse) => devices.find(({ device }) => device === use.device);
  const busy = uses.map((use) => useRow(store, use, nameOf(use)));
  const others = devices.filter(({ device }) => uses.every((use) => use.device !== device));
  return [...busy, ...others.map(listedRow)];
}

function useRow(store: RunStore, use: DeviceUse, listed: ListedDevice | undefined): SideRow {
  const { device, description, running, waiting } = use;
  const whether = listed && (listed.available ? 'available' : 'not available');
  const item = sideItem(device, {
    icon: device === 'cpu' ? 'chip' : 'circuit-board',
    description: [whether, memoryWords(use), description].filter(Boolean).join(' · '),
    ...(listed ? { tooltip: listed.description } : {}),
    contextValue: 'device',
  });
  const rows = [
    ...(running === undefined ? [] : [runRow(store, running, 'computes', 'play')]),
    ...waiting.map((id, i) => runRow(store, id, i === 0 ? 'is next' : `is ${i + 1}. in line`, 'clock')),
  ];
  return { item, children: rows };
}

function listedRow({ device, available, description }: ListedDevice): SideRow {
  return {
    item: sideItem(device, {
      icon: available ? 'circuit-board' : 'circle-slash',
      description: `${available ? 'available' : 'not available'} · ${description}`,
      tooltip: description,
      contextValue: 'device',
    }),
  };
}

function memoryWords({ memory: { used, total } }: DeviceUse): string {
  if (total === 0) return '';
  return `${formatBytes(used)} of ${formatBytes(total)} in use (${formatPercent(used / total, 0)})`;
}

/** A run of this window, or one of another. */
function runRow(store: RunStore, id: string, what: string, icon: string): SideRow {
  const run = store.get(id);
  const item = sideItem(run?.meta?.name ?? run?.name ?? id, {
    icon,
    description: run ? what : `${what}, in another window or folder`,
    tooltip: id,
    ...(run ? { command: { command: 'tunebook.openMetrics', title: 'Open Metrics', arguments: [id] } } : {}),
  });
  return { item };
}
