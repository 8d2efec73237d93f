import type { CheckDiagnostic } from '../protocol/check.ts';
import { maskMessages } from './environment/mask-messages.ts';
import type { LanguageHost } from './host.ts';
import type { CheckMemory, Finding } from './check-memory.ts';
import { loadProject } from './load.ts';
import { problem, type Problem } from './problem.ts';
import type { ParseCache, Project } from './project.ts';
import { toDiagnostic, unreadableFile } from './to-diagnostic.ts';
import type { SyntaxProblem, TuneDocument, TuneFile } from './tree.ts';
import { checkNotebook } from './validate/notebook.ts';
import { checkDocument } from './validate/check-document.ts';
import { checkEmpty, checkNames } from './validate/document.ts';
import { referredDocuments } from './validate/referred-documents.ts';
import { checkUnused } from './validate/unused.ts';
import { World } from './validate/world.ts';

export interface CheckOptions {
  /** What was found before: documents of which nothing has changed are not looked at again. */
  memory?: CheckMemory;
  /** Ends the check early. */
  signal?: AbortSignal;
  /** Looks at these documents and at what they refer to, and at no others of their files. */
  documents?: readonly TuneDocument[];
}

/**
 * Checks config files to the depth that the host can answer: syntax and schema, references and arithmetic, data and
 * models. Sorted by file, line and column. Problems of documents that these files refer to are part of it, each in its own file.
 * @throws the signal's reason when aborted
 */
export async function check(
  paths: readonly string[],
  host: LanguageHost,
  options: CheckOptions & { cache?: ParseCache } = {},
): Promise<CheckDiagnostic[]> {
  const project = await loadProject(paths, host, options.cache, options.signal);
  options.signal?.throwIfAborted();
  return checkProject(project, paths, host, options);
}

/**
 * The same for a project that is loaded.
 * @throws the signal's reason when aborted
 */
export async function checkProject(
  project: Project,
  paths: readonly string[],
  host: LanguageHost,
  options: CheckOptions = {},
): Promise<CheckDiagnostic[]> {
  const world = new World(host, options.signal);
  const files = paths.flatMap((path) => project.files.get(path) ?? []);
  const found: CheckDiagnostic[] = paths.flatMap((path) => {
    const why = project.unreadable.get(path);
    return why === undefined ? [] : [unreadableFile(path, why)];
  });
  found.push(
    ...files.flatMap((file) =>
      [
        ...(options.documents ? [] : checkSyntax(file, file.syntax)),
        ...(options.documents ? [] : checkEmpty(file)),
        ...checkNames(file),
        ...checkNotebook(file),
      ].map(toDiagnostic),
    ),
  );
  const roots = options.documents ?? files.flatMap(({ documents }) => documents);
  const reached = new Set(roots);
  for (const document of reached) {
    if (options.documents || !files.includes(document.file))
      found.push(...checkSyntax(document.file, document.problems).map(toDiagnostic));
    const { diagnostics, referred } = options.memory
      ? await options.memory.recall(project, document, world, (view, asked) => find(view, document, asked))
      : await find(project, document, world);
    found.push(...diagnostics);
    for (const each of referred) reached.add(each);
    options.signal?.throwIfAborted();
  }
  options.memory?.keep(reached);
  // Where something is wrong, that may be why nothing names a document.
  const wrong = new Set(found.filter(({ severity }) => severity === 'error').map(({ file }) => file));
  const right = options.documents ? [] : files.filter(({ path }) => !wrong.has(path));
  found.push(
    ...right
      .flatMap(({ documents }) => documents.flatMap((each) => checkUnused(project, each)))
      .map(toDiagnostic),
  );
  return distinct(maskMessages(project, found)).sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code),
  );
}

async function find(project: Project, document: TuneDocument, world: World): Promise<Finding> {
  const found = await checkDocument(project, document, world);
  return {
    diagnostics: found.map((each) => ('start' in each ? toDiagnostic(each) : each)),
    referred: referredDocuments(project, document),
  };
}

/** YAML errors of a file, or of one document in it. */
function checkSyntax(file: TuneFile, problems: readonly SyntaxProblem[]): Problem[] {
  return problems.map(({ start, end, message, fix }) => {
    const edits = fix?.edits.map((edit) => ({ file, ...edit }));
    return problem('tune/syntax', { file, start, end }, message, [
      fix && edits && { title: fix.title, edits },
    ]);
  });
}

/** A mistake that several documents inherit is one. */
function distinct(diagnostics: CheckDiagnostic[]): CheckDiagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ file, line, column, code, message }) => {
    const id = JSON.stringify([file, line, column, code, message]);
    return !seen.has(id) && seen.add(id);
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
