import type { CheckDiagnostic } from '../../protocol/check.ts';
import type { DataProblem } from '../../protocol/inspect.ts';
import { parseHubData } from '../hub-reference.ts';
import { HELD_OUT_SPLIT } from '../held-out.ts';
import { isPattern } from '../glob.ts';
import { dirname, relativePath, resolvePath } from '../path.ts';
import { problem, replaceFix, yamlString, type Fix, type Problem } from '../problem.ts';
import { dataDiagnostic, withHint } from '../to-diagnostic.ts';
import type { Node, ScalarNode } from '../tree.ts';
import type { DataFile, DatasetView } from './dataset-view.ts';
import type { Fields } from './fields.ts';
import { homeFolder } from './home-folder.ts';
import type { World } from './world.ts';

/** Whether the files of a data set are there. */
export async function checkDataFiles(view: DatasetView, world: World): Promise<Problem[]> {
  const files = view.splits.flatMap((split) => view.files(split));
  const found = await Promise.all(files.map((file) => checkFile(file, world)));
  return found.filter((each) => each !== undefined);
}

/** Whether the chat template that a run names is there. */
export async function checkTemplateFile(fields: Fields, world: World): Promise<Problem[]> {
  const node = fields.node('data', 'chat_template_path');
  if (node?.type !== 'scalar' || typeof node.value !== 'string') return [];
  const found = await checkFile(
    { node, path: resolvePath(dirname(node.document.file.path), node.value) },
    world,
  );
  return found ? [found] : [];
}

async function checkFile({ node, path }: DataFile, world: World): Promise<Problem | undefined> {
  if (path === undefined) {
    if (parseHubData(String(node.value))) return undefined;
    const message = `\`${String(node.value)}\` is no name of the Hugging Face Hub. Write \`hf:owner/name\`, with \`@revision\`, \`/path\` and \`#split\` behind it where they are needed.`;
    return problem('tune/hub-name', node, message);
  }
  const kind = await world.kindOf(path);
  if (kind === 'missing' && isPattern(path)) {
    if ((await world.filesOf(path)).length > 0) return undefined;
    const message = `No file fits \`${String(node.value)}\`. Correct the pattern; it is relative to this file.`;
    return problem('tune/missing-file', node, message);
  }
  if (kind === 'folder') {
    const message = `\`${String(node.value)}\` is a folder. Name the files in it that belong to the split, for example \`${String(node.value).replace(/\/$/, '')}/*\`.`;
    return problem('tune/missing-file', node, message);
  }
  if (kind === 'unreadable') return unreadable(node);
  if (kind !== 'missing') return undefined;
  const home = homeFolder(node);
  if (home)
    return problem('tune/missing-file', node, `There is no file \`${String(node.value)}\`. ${home.hint}`, [
      home.fix,
    ]);
  const fix = await similarPathFix(node, path, 'file', world);
  const hint = fix ? `Did you mean \`${fix.meant}\`?` : 'Correct the path; it is relative to this file.';
  return problem('tune/missing-file', node, `There is no file \`${String(node.value)}\`. ${hint}`, [
    fix?.fix,
  ]);
}

/** A path that leads through a folder that the person may not look into. */
export function unreadable(node: ScalarNode): Problem {
  const message = `You have no permission to read \`${String(node.value)}\`: a folder on its way may not be looked into. Give yourself permission, or name a copy.`;
  return problem('tune/unreadable', node, message);
}

/** A neighbour of a path that does not exist, with a similar name, and the fix that takes it. */
export async function similarPathFix(
  node: ScalarNode,
  path: string,
  kind: 'file' | 'folder',
  world: World,
): Promise<{ meant: string; fix: Fix } | undefined> {
  const name = await world.similarPath(path, kind);
  if (name === undefined) return undefined;
  const meant = relativePath(dirname(node.document.file.path), resolvePath(dirname(path), name));
  return { meant, fix: replaceFix(`Change to ${meant}`, node, yamlString(meant)) };
}

/** What is wrong inside the data files: at the line where it is wrong, or at the file's name where it is about the whole file. */
export async function checkRows(view: DatasetView, world: World): Promise<(Problem | CheckDiagnostic)[]> {
  const found: (Problem | CheckDiagnostic)[] = [];
  for (const split of view.holdOut ? [...view.splits, HELD_OUT_SPLIT] : view.splits) {
    const facts = await view.facts(world, split);
    for (const each of facts?.problems ?? []) {
      if (isMissingColumn(each, facts?.columns ?? [], view)) continue;
      found.push(
        each.code === 'data/held-out' ? heldOutProblem(each, view) : showProblem(each, view.files(split)),
      );
    }
  }
  return found;
}

/** Rows that cannot be held out are a matter of the config, too. */
function heldOutProblem(found: DataProblem, view: DatasetView): Problem | CheckDiagnostic {
  const { fields } = view;
  const node = fields.node('train_test_split', 'test_size') ?? fields.node('train_test_split');
  return node ? problemAt(found, node) : dataDiagnostic(found);
}

/** A column that none of the files has is a matter of the config. */
function isMissingColumn({ code }: DataProblem, columns: readonly string[], view: DatasetView): boolean {
  if (code !== 'data/missing-column') return false;
  const needed = [...Object.values(view.columns ?? {}), ...(view.labelColumns ?? [])];
  return needed.some((column) => !columns.includes(column));
}

/** Places a problem of a data file. */
export function showProblem(found: DataProblem, files: readonly DataFile[]): Problem | CheckDiagnostic {
  const { node } = files.find(({ path }) => path === found.file) ?? {};
  if (found.line !== undefined || !node) return dataDiagnostic(found);
  return problemAt(found, node);
}

function problemAt(found: DataProblem, { document, start, end }: Node): Problem {
  const message = withHint(found.message, found.hint);
  return { file: document.file, start, end, severity: 'error', code: found.code, message, fixes: [] };
}
