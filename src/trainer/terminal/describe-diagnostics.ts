import type { CheckDiagnostic, Severity } from '../../protocol/check.ts';
import type { Project } from '../../language/project.ts';
import { readLine } from './read-line.ts';
import { shortPath } from './describe-error.ts';
import { underline } from './underline.ts';
import type { Style } from './style.ts';

const WORDS: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'note' };

export interface DescribeOptions {
  readonly style: Style;
  /** Files that are read already; other lines are read from the disk. */
  readonly project?: Project;
}

/** Diagnostics as a compiler prints them: place, sentence, code; the line with a mark below; ways out. */
export async function describeDiagnostics(
  diagnostics: readonly CheckDiagnostic[],
  { style, project }: DescribeOptions,
): Promise<string> {
  const parts: string[] = [];
  for (const diagnostic of diagnostics) {
    const { file, line, column, severity, message, code, fixes } = diagnostic;
    const place = style.bold(`${shortPath(file)}:${line}:${column}:`);
    const word = (severity === 'error' ? style.red : style.yellow)(`${WORDS[severity]}:`);
    const lines = [`${place} ${word} ${message} ${style.dim(`[${code}]`)}`];
    const text = await lineOf(file, line, project);
    if (text !== undefined) lines.push(...underline(text, diagnostic, style));
    for (const { title } of fixes) lines.push(`  ${style.green('fix:')} ${title}`);
    parts.push(lines.join('\n'));
  }
  return parts.join('\n\n');
}

/** `2 errors and 1 warning in intents.tune.yaml`, or that there are none. */
export function summariseDiagnostics(
  diagnostics: readonly CheckDiagnostic[],
  files: readonly string[],
): string {
  const where = files.length === 1 ? shortPath(files[0] ?? '') : `${files.length} files`;
  const counts = (['error', 'warning', 'information'] as const)
    .map((severity) => ({ severity, count: diagnostics.filter((each) => each.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${WORDS[severity]}${count === 1 ? '' : 's'}`);
  return `${counts.length === 0 ? 'No problems' : counts.join(', ')} in ${where}`;
}

async function lineOf(file: string, line: number, project: Project | undefined): Promise<string | undefined> {
  const known = project?.files.get(file);
  if (!known) return readLine(file, line);
  const { text, lines } = known;
  return text.slice(lines.start(line), lines.start(line + 1)).replace(/[\r\n]+$/, '');
}
