import assert from 'node:assert/strict';
import { checkProject } from '../../check.ts';
import type { CheckMemory } from '../../check-memory.ts';
import { complete } from '../../complete.ts';
import { plainText } from '../../completion/snippet.ts';
import { findDefinition } from '../../definition.ts';
import { findFolds } from '../../folding.ts';
import { formatFile } from '../../format.ts';
import { isSameContent } from '../../formatting/same-content.ts';
import { findHints } from '../../hints.ts';
import { hover } from '../../hover.ts';
import { findLinks } from '../../links.ts';
import { loadProject } from '../../load.ts';
import { parse } from '../../parse.ts';
import type { ParseCache } from '../../project.ts';
import { findRefactorings } from '../../refactor.ts';
import { findName, findReferences } from '../../references.ts';
import { rename } from '../../rename.ts';
import { resolvedText } from '../../resolved-view.ts';
import { findSelections } from '../../selection.ts';
import { findSymbols, type OutlineSymbol } from '../../symbols.ts';
import { findTokens } from '../../tokens.ts';
import type { TextEdit, TuneFile } from '../../tree.ts';
import { CONFIG } from '../expect-problem.ts';
import { WORLD } from '../example.ts';
import { MemoryHost } from '../memory-host.ts';
import type { Seeded } from './seeded.ts';

/** Everything that the editor would ask for takes less than this together, in milliseconds of the processor: others use it too. */
const HANG_MS = 1000;

/**
 * Does all that an editor does with a text, at a random place, and checks that nothing breaks: no exception, no hang, edits that
 * keep a sound file sound, and formatting that changes nothing twice and no data at all.
 * @throws AssertionError with what went wrong
 */
export async function examine(
  text: string,
  random: Seeded,
  { cache, memory, formats = true }: { cache?: ParseCache; memory?: CheckMemory; formats?: boolean } = {},
): Promise<void> {
  const began = process.cpuUsage();
  const host = new MemoryHost({ ...WORLD, files: { ...WORLD.files, [CONFIG]: text } });
  const project = await loadProject([CONFIG], host, cache);
  const file = project.files.get(CONFIG);
  assert.ok(file);
  assert.equal(file.text, text);
  if (cache) {
    const fresh = parse(CONFIG, text);
    assert.deepEqual(findSymbols(file), findSymbols(fresh), 'an edit is read differently from the whole');
    assert.deepEqual(file.syntax, fresh.syntax, 'an edit has other problems than the whole');
  }
  const offset = random.below(text.length + 1);
  const request = { project, path: CONFIG, offset, host };
  const found = await checkProject(project, [CONFIG], host);
  if (memory) {
    const remembered = await checkProject(project, [CONFIG], host, { memory });
    assert.deepEqual(remembered, found, 'an edit has other diagnostics than the whole');
  }
  await hover(request);
  await findHints({ project, file, host });
  await findLinks(file, host);
  findDefinition(project, CONFIG, offset);
  findFolds(file);
  examineSymbols(file);
  examineTokens(findTokens(project, file));
  examineSelections(file, offset);
  assert.deepEqual(parse(CONFIG, resolvedText(project, file)).syntax, [], 'the resolved view is no YAML');
  const completions = await complete(request);
  // A text of several lines that is no map is garbage before and after a field is completed in it.
  const isMap = file.documents.every(({ root }) => !root || root.type === 'map');
  for (let tried = 0; tried < 2 && isMap && completions.length > 0; tried++) {
    const { start, end, newText, snippet, label } = random.pick(completions);
    assert.ok(start <= offset && offset <= end, `${label} is elsewhere`);
    expectSound(
      file,
      [{ start, end, newText: snippet ? plainText(newText) : newText }],
      `completing ${label} at ${offset}`,
    );
  }
  for (const { title, edits } of findRefactorings(file, offset)) expectSound(file, edits, title);
  const named = findName(project, CONFIG, offset);
  if (named) {
    assert.ok(findReferences(project, named).length > 0);
    const renaming = rename(project, CONFIG, offset, `renamed-${random.below(9)}`);
    if ('edits' in renaming) expectSound(file, renaming.edits, `renaming ${named.name}`);
  }
  if (formats) await examineFormat(file);
  const { user, system } = process.cpuUsage(began);
  const took = (user + system) / 1000;
  assert.ok(took < HANG_MS, `it took ${took.toFixed(0)} ms`);
}

/** Formatting twice changes nothing, and once changes no data. */
async function examineFormat(file: TuneFile): Promise<void> {
  const edits = await formatFile(file);
  if (edits.length === 0) return;
  const formatted = applyAll(file.text, edits);
  assert.ok(isSameContent(file, formatted), `formatting changed what it holds:\n${formatted}`);
  const again = await formatFile(parse(CONFIG, formatted));
  assert.deepEqual(again, [], `formatting changes it again:\n${formatted}`);
}

/** A file without broken lines has none after the edits of a feature, and loses no document. */
function expectSound(file: TuneFile, edits: readonly TextEdit[], what: string): void {
  if (file.syntax.length > 0) return;
  const after = parse(CONFIG, applyAll(file.text, edits));
  const messages = after.syntax.map(({ message }) => message);
  assert.deepEqual(messages, [], `${what} breaks the file:\n${after.text}`);
  assert.ok(after.documents.length >= file.documents.length, `${what} loses a document:\n${after.text}`);
}

function applyAll(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => b.start - a.start || b.end - a.end);
  let next = text.length;
  for (const { start, end } of ordered) {
    assert.ok(start <= end && end <= next, 'edits overlap');
    next = start;
  }
  return ordered.reduce(
    (all, { start, end, newText }) => all.slice(0, start) + newText + all.slice(end),
    text,
  );
}

function examineSymbols(file: TuneFile): void {
  const within = (symbol: OutlineSymbol, start: number, end: number) => {
    assert.ok(start <= symbol.start && symbol.end <= end && symbol.name !== '', `the symbol ${symbol.name}`);
    assert.ok(symbol.start <= symbol.nameStart && symbol.nameEnd <= symbol.end, `the name of ${symbol.name}`);
    for (const child of symbol.children) within(child, symbol.start, symbol.end);
  };
  for (const symbol of findSymbols(file)) within(symbol, 0, file.text.length);
}

function examineTokens(tokens: ReturnType<typeof findTokens>): void {
  tokens.forEach(({ start, end }, index) => {
    assert.ok(start < end && start >= (tokens[index - 1]?.end ?? 0), 'tokens overlap');
  });
}

function examineSelections(file: TuneFile, offset: number): void {
  let inner = { start: offset, end: offset };
  for (const span of findSelections(file, offset)) {
    assert.ok(span.start <= inner.start && inner.end <= span.end, 'a selection does not grow');
    inner = span;
  }
}
