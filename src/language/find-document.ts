import { TunebookError } from '../protocol/error.ts';
import { effective } from './effective.ts';
import { valueAt } from './node.ts';
import type { Project } from './project.ts';
import type { Kind } from './schema/kinds.ts';
import type { TuneDocument } from './tree.ts';
import { nearest } from './nearest.ts';

/**
 * The document of a kind that a person means: the one of that name; without a name the only one there is, where runs
 * that merely hold settings for others do not count.
 * @throws TunebookError `config/unreadable`, `config/no-document`, `config/name-needed`, `config/unknown-name`
 */
export function findDocument(project: Project, path: string, kind: Kind, name?: string): TuneDocument {
  const file = project.files.get(path);
  if (!file) {
    const why = project.unreadable.get(path) ?? 'It was not read.';
    throw configError('unreadable', path, `${path} cannot be read. ${why}`, 'Check the path.');
  }
  const documents = file.documents.filter((each) => each.kind === kind && each.name !== undefined);
  const runnable = documents.filter((each) => kind !== 'run' || isWhole(project, each));
  const names = [...new Set((runnable.length > 0 ? runnable : documents).map((each) => each.name ?? ''))];
  if (documents.length === 0) {
    const message = `${path} has no \`${kind}:\` document.`;
    throw configError('no-document', path, message, `Write one that starts with \`${kind}: NAME\`.`);
  }
  if (name === undefined) {
    const [only, second] = runnable.length > 0 ? runnable : documents;
    if (only && !second) return only;
    const message = `${path} has ${names.length} \`${kind}:\` documents: ${names.join(', ')}.`;
    throw configError('name-needed', path, message, 'Name the one that you mean.');
  }
  const found = documents.find((each) => each.name === name);
  if (found) return found;
  const near = nearest(name, names);
  const message = `${path} has no \`${kind}: ${name}\`; it has ${names.join(', ')}.`;
  throw configError(
    'unknown-name',
    path,
    message,
    near ? `Did you mean ${near}?` : 'Take one of these names.',
  );
}

/** Whether a run has a model and data, its own or inherited, and so can be run. */
function isWhole(project: Project, document: TuneDocument): boolean {
  const root = effective(project, document);
  return valueAt(root, 'model') !== undefined && valueAt(root, 'data') !== undefined;
}

function configError(code: string, file: string, message: string, hint: string): TunebookError {
  return new TunebookError(`config/${code}`, message, { hint, location: { file } });
}
