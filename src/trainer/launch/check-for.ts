import { checkProject } from '../../language/check.ts';
import { lookup } from '../../language/reference.ts';
import { namedDocuments } from '../../language/named-documents.ts';
import { effective } from '../../language/effective.ts';
import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import type { Project } from '../../language/project.ts';
import type { TuneDocument, TuneFile } from '../../language/tree.ts';
import type { CheckDiagnostic } from '../../protocol/check.ts';
import type { DiskHost } from '../host.ts';

/** What a check found for one document of a file. */
export interface Found {
  /** Mistakes that do not concern the document are warnings. */
  readonly diagnostics: CheckDiagnostic[];
  /** Those that were made warnings. */
  readonly elsewhere: readonly CheckDiagnostic[];
}

/**
 * Checks a file for the sake of one of its documents: a mistake in another one, which this one neither names nor inherits, keeps
 * nothing from being carried out. Of a notebook only the document is looked at: other cells may still be being written.
 * @throws the signal's reason when aborted
 */
export async function checkFor(
  project: Project,
  document: TuneDocument,
  host: DiskHost,
  signal: AbortSignal,
): Promise<Found> {
  const { file } = document;
  const documents = [document, ...measuring(project, document)];
  if (isNotebookPath(file.path))
    return {
      diagnostics: await checkProject(project, [file.path], host, { signal, documents }),
      elsewhere: [],
    };
  const all = await checkProject(project, [file.path], host, { signal });
  if (!all.some(isError)) return { diagnostics: all, elsewhere: [] };
  const own = new Set((await checkProject(project, [file.path], host, { signal, documents })).map(identity));
  const elsewhere = all.filter((each) => isError(each) && !own.has(identity(each)) && !isOfFile(each, file));
  const diagnostics = all.map((each): CheckDiagnostic =>
    elsewhere.includes(each) ? { ...each, severity: 'warning' } : each,
  );
  return { diagnostics, elsewhere };
}

/** Says that a document is carried out though others of its file are wrong. */
export function describeElsewhere({ kind = 'run', name = '' }: TuneDocument): string {
  return `\`${kind}: ${name}\` uses nothing of what is wrong here, and is carried out. Mend the rest, or move it to a file of its own.`;
}

/** Objectives that decide how an evaluation ends, and what may be one: a mistake in them must not let it pass. */
function measuring(project: Project, { kind, file, name }: TuneDocument): TuneDocument[] {
  if (kind !== 'evaluate' || isNotebookPath(file.path)) return [];
  return file.documents.filter((each) => {
    if (each.kind === undefined) return true;
    if (each.kind !== 'objective') return false;
    const [measured] = namedDocuments(each, effective(project, each));
    const found = measured && lookup(project, file, 'evaluate', String(measured.node.value)).found;
    return !found || (found.name === name && found.file === file);
  });
}

function isError({ severity }: CheckDiagnostic): boolean {
  return severity === 'error';
}

function identity({ file, line, column, code, message }: CheckDiagnostic): string {
  return JSON.stringify([file, line, column, code, message]);
}

/** Whether it stands in no document: there are too many of them, or the file is too large. */
function isOfFile({ file: path, line, column }: CheckDiagnostic, file: TuneFile): boolean {
  if (path !== file.path) return false;
  const offset = file.lines.start(line) + column - 1;
  return !file.documents.some(({ start, end }) => offset >= start && offset <= end);
}
