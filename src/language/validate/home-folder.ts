import { replaceFix, yamlString, type Fix } from '../problem.ts';
import type { ScalarNode } from '../tree.ts';

/** What is said, and done, of a path that begins with `~`: shells put the home folder there, files do not. `undefined` for others. */
export function homeFolder(node: ScalarNode): { hint: string; fix: Fix } | undefined {
  const [, rest] = /^~(?=[\\/])(.*)$/s.exec(String(node.value)) ?? [];
  if (rest === undefined) return undefined;
  const meant = `\${env.HOME}${rest}`;
  const hint = `\`~\` is not the home folder here; write \`${meant}\`.`;
  return { hint, fix: replaceFix(`Change to ${meant}`, node, yamlString(meant)) };
}
