import { problem, replaceFix, type Problem } from '../problem.ts';
import type { Fields } from './fields.ts';
import type { World } from './world.ts';

/** Whether the device that a run names can be used on this machine. `auto` and the processor always can. */
export async function checkDevice(fields: Fields, world: World): Promise<Problem[]> {
  const node = fields.node('target', 'local', 'device');
  const device = fields.string('target', 'local', 'device');
  if (node?.type !== 'scalar' || device === undefined || device === 'auto' || device === 'cpu') return [];
  const facts = await world.deviceFacts(device);
  if (facts?.problem === undefined) return [];
  const message = `\`${device}\` cannot be used on this machine. ${facts.problem} Set \`device: auto\` for the best device that is there; docs/devices.md says what \`${device}\` needs.`;
  return [problem('tune/device', node, message, [replaceFix('Change to auto', node, 'auto')])];
}
