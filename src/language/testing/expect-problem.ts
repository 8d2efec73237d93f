import assert from 'node:assert/strict';
import type { CheckDiagnostic, CheckFix } from '../../protocol/check.ts';
import { check } from '../check.ts';
import { LineIndex } from '../lines.ts';
import { WORLD } from './example.ts';
import { MemoryHost, type MemoryWorld } from './memory-host.ts';

/** Where the config under test lies. */
export const CONFIG = '/w/a.tune.yaml';

/** The one diagnostic that a test expects. */
export interface ExpectedProblem {
  code: string;
  message: string;
  /** Title of the fix that is applied; afterwards nothing may be wrong any more. Without it there must be no fix. */
  fix?: string;
  /** A piece of the text after the fix. */
  becomes?: string;
  severity?: CheckDiagnostic['severity'];
}

/** Checks a config in a world; `change` differs from {@link WORLD}. */
export async function diagnose(text: string, change: Partial<MemoryWorld> = {}): Promise<CheckDiagnostic[]> {
  const world = { ...WORLD, ...change, files: { ...WORLD.files, ...change.files, [CONFIG]: text } };
  return check([CONFIG], new MemoryHost(world));
}

/** Expects a config to have one problem, at the text between `«` and `»`, and nothing to be wrong once it is fixed. */
export async function expectProblem(
  marked: string,
  expected: ExpectedProblem,
  change: Partial<MemoryWorld> = {},
): Promise<void> {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  const found = await diagnose(text, change);
  assert.deepEqual(found.map(summary), [`${expected.code}: ${expected.message}`]);
  const [only] = found;
  assert.ok(only);
  const { file, line, column, endLine, endColumn, severity, fixes } = only;
  const lines = new LineIndex(text);
  const [from, to] = [lines.position(start), lines.position(end)];
  assert.deepEqual(
    { file, line, column, endLine, endColumn },
    {
      file: CONFIG,
      ...from,
      endLine: to.line,
      endColumn: to.column,
    },
  );
  assert.equal(severity, expected.severity ?? 'error');
  const titles = fixes.map(({ title }) => title);
  if (expected.fix === undefined) return assert.deepEqual(titles, []);
  const fix = fixes.find(({ title }) => title === expected.fix);
  assert.ok(fix, `no fix "${expected.fix}", only ${titles.join('; ')}`);
  const fixed = applyFix(text, fix);
  if (expected.becomes !== undefined) assert.ok(fixed.includes(expected.becomes), `it became\n${fixed}`);
  assert.deepEqual((await diagnose(fixed, change)).map(summary), [], `after the fix:\n${fixed}`);
}

/** A text after the edits of a fix, all of which are in {@link CONFIG}. */
export function applyFix(text: string, { edits }: CheckFix): string {
  const lines = new LineIndex(text);
  const ordered = edits
    .map((edit) => {
      assert.equal(edit.file, CONFIG);
      const start = lines.offset({ line: edit.line, column: edit.column });
      return { start, end: lines.offset({ line: edit.endLine, column: edit.endColumn }), text: edit.newText };
    })
    .sort((a, b) => b.start - a.start);
  return ordered.reduce(
    (whole, edit) => whole.slice(0, edit.start) + edit.text + whole.slice(edit.end),
    text,
  );
}

/** A diagnostic in one line, for comparison. */
export function summary({ code, message }: CheckDiagnostic): string {
  return `${code}: ${message}`;
}
