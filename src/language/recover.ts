import { parseAllDocuments, type Document, type YAMLParseError } from 'yaml';
import type { SyntaxProblem } from './tree.ts';
import { findRepair, lastOpener, lineAt } from './repair.ts';
import { explainSyntax, type Span } from './syntax.ts';

/** A document read in spite of its mistakes. */
export interface Recovered {
  document: Document.Parsed | undefined;
  problems: SyntaxProblem[];
}

/** Errors after which the tree is what the person meant, so nothing needs to be taken away. */
const HARMLESS = new Set([
  'BAD_ALIAS',
  'BAD_DQ_ESCAPE',
  'BAD_SCALAR_START',
  'TAG_RESOLVE_FAILED',
  'COMMENT_SPACE',
]);

const MAX_REPAIRS = 8;

/** More errors than this in a document say nothing new: it is no config. */
const MAX_PROBLEMS = 50;

/** Finding the line at fault means reading the document again and again, which is not done with longer ones. */
const MAX_REPAIRED_LENGTH = 100_000;

/**
 * Reads one document (`source`, which begins at `base` in `text`). While there are errors that garble the tree, the
 * line at fault is replaced by blanks of the same length and the rest is read again: offsets stay true, and one broken
 * line costs nothing but itself.
 */
export function recover(source: string, text: string, base: number): Recovered {
  let current = source;
  let document = readYaml(current);
  const problems: SyntaxProblem[] = [];
  const rounds = source.length > MAX_REPAIRED_LENGTH ? 0 : MAX_REPAIRS;
  for (let round = 0; round < rounds && document; round++) {
    const error = document.errors.find((each) => !isHarmless(each, current));
    const repair = error && findRepair(current, document, error, readYaml);
    if (!error || !repair) break;
    problems.push(explain(error, repair.line));
    current = repair.source;
    document = repair.document;
  }
  for (const error of document?.errors.slice(0, MAX_PROBLEMS) ?? [])
    problems.push(explain(error, lineOf(error)));
  const tags = document?.warnings ?? [];
  for (const warning of tags.slice(0, MAX_PROBLEMS)) problems.push(explainTag(text, shifted(warning)));
  // Without its tag a value is what it looks like.
  if (tags.length > 0 && tags.length <= MAX_PROBLEMS) document = readYaml(tags.reduce(withoutTag, current));
  return { document, problems: distinct(problems) };

  function explain(error: YAMLParseError, line: Span): SyntaxProblem {
    return explainSyntax(error, text, shifted(error), trimmed(text, base, line));
  }
  function shifted({ pos: [start, end] }: { pos: [number, number] }): Span {
    const from = Math.min(base + start, text.length);
    return { start: from, end: Math.max(from, Math.min(base + end, text.length)) };
  }
  function lineOf(error: YAMLParseError): Span {
    const at = Math.min(error.pos[0], current.length);
    const opener = /Flow|closing/.test(error.message) ? lastOpener(current, at) : undefined;
    return lineAt(current, opener ?? at);
  }
}

/** Reads the first document of a text, without throwing and without printing. */
export function readYaml(source: string): Document.Parsed | undefined {
  const documents = parseAllDocuments(source, {
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return Array.isArray(documents) ? documents[0] : undefined;
}

function isHarmless(error: YAMLParseError, source: string): boolean {
  if (error.code === 'MISSING_CHAR') {
    if (error.message.startsWith('Comments')) return true;
    return error.message.includes('followed by map values') && !/\s/.test(source.slice(...error.pos));
  }
  if (error.code === 'BAD_INDENT') return /^Flow (map|sequence) in block/.test(error.message);
  return HARMLESS.has(error.code) || /call stack/i.test(error.message);
}

function withoutTag(source: string, { pos: [start, end] }: { pos: [number, number] }): string {
  return source.slice(0, start) + ' '.repeat(end - start) + source.slice(end);
}

function explainTag(text: string, at: Span): SyntaxProblem {
  const space = /^[ \t]*/.exec(text.slice(at.end))?.[0].length ?? 0;
  return {
    ...at,
    message: `\`${text.slice(at.start, at.end)}\` is a YAML tag that means nothing here. Remove it.`,
    fix: { title: 'Remove the tag', edits: [{ start: at.start, end: at.end + space, newText: '' }] },
  };
}

/** The line in the file, without its indentation and its end. */
function trimmed(text: string, base: number, line: Span): Span {
  const content = text.slice(base + line.start, base + line.end);
  const start = base + line.start + (content.length - content.trimStart().length);
  return { start, end: start + content.trim().length };
}

/** One problem a place, in the order of the text. */
function distinct(problems: SyntaxProblem[]): SyntaxProblem[] {
  const first = new Map<number, SyntaxProblem>();
  for (const problem of problems) if (!first.has(problem.start)) first.set(problem.start, problem);
  return [...first.values()].sort((a, b) => a.start - b.start);
}
