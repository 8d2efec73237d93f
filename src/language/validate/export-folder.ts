import { basename, dirname, isAbsolutePath, relativePath, resolvePath } from '../path.ts';
import { problem, replaceFix, yamlString, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import type { Fields } from './fields.ts';
import { homeFolder } from './home-folder.ts';
import type { World } from './world.ts';

/** What shows that a folder is the workspace of a config, and not just the one that it lies in. */
const MARKS = ['.git', '.tunebook'];

/**
 * A folder that is written to another place than people mean: one too many `../`, or a `~`. A whole path is meant as it stands, and
 * where nothing marks the workspace nobody knows where it ends.
 */
export async function checkExportFolder(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  const node = fields.node('folder');
  const text = fields.string('folder');
  if (fields.document.kind !== 'export' || node?.type !== 'scalar' || text === undefined) return [];
  const home = homeFolder(node);
  if (home) {
    const message = `This would write into a folder that is called \`~\`. ${home.hint}`;
    return [problem('tune/home-folder', node, message, [home.fix])];
  }
  const own = dirname(node.document.file.path);
  const workspace = project.workspaceOf?.(node.document.file.path);
  if (workspace === undefined || isAbsolutePath(text)) return [];
  const target = resolvePath(own, text);
  if (!/^\.\.(?:\/|$)/.test(relativePath(workspace, target))) return [];
  const marks = await Promise.all(MARKS.map((mark) => world.kindOf(resolvePath(workspace, mark))));
  if (!marks.some((kind) => kind === 'folder' || kind === 'file')) return [];
  const inside = relativePath(own, resolvePath(workspace, basename(target)));
  const message = `This export is written to \`${target}\`, outside of the workspace \`${workspace}\`. Where that is meant, give the whole path.`;
  return [
    problem('tune/outside-workspace', node, message, [
      replaceFix(`Change to ${inside}`, node, yamlString(inside)),
      replaceFix(`Change to ${target}`, node, yamlString(target)),
    ]),
  ];
}
