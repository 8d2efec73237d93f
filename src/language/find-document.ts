import { TunebookError } from '../protocol/error.ts';
import type { Project, Unreadable } from './project.ts';
import type { Kind } from './schema/kinds.ts';
import type { TuneDocument, TuneFile } from './tree.ts';
import { listNames } from './validate/list-names.ts';
import { isWhole, missingFields } from './validate/missing.ts';
import { nearest } from './nearest.ts';

const NOT_READ: Unreadable = { reason: 'It was not read.', hint: 'Check the path.' };

/**
 * The document of a kind that a person means: the one of that name; without a name the only one there is, where those
 * that merely hold fields for others do not count.
 * @throws TunebookError `config/unreadable`, `config/no-document`, `config/name-needed`, `config/unknown-name`, `config/other-kind`, `config/settings-only`
 */
export function findDocument(project: Project, path: string, kind: Kind, name?: string): TuneDocument {
  const file = project.files.get(path);
  if (!file) {
    const { reason, hint } = project.unreadable.get(path) ?? NOT_READ;
    throw configError('unreadable', path, `${path} cannot be read. ${reason}`, hint);
  }
  const documents = file.documents.filter((each) => each.kind === kind && each.name !== undefined);
  const whole = documents.filter((each) => isWhole(project, each));
  const names = [...new Set((whole.length > 0 ? whole : documents).map((each) => each.name ?? ''))];
  const other = name === undefined ? undefined : namesake(file, kind, name);
  if (other) throw otherKind(other, kind);
  if (documents.length === 0) {
    const message = `${path} has no \`${kind}:\` document.`;
    const what = mayHoldConfig(path) ? '' : 'A config is a YAML file, NAME.tune.yaml. ';
    throw configError('no-document', path, message, `${what}Write one that starts with \`${kind}: NAME\`.`);
  }
  const found = name === undefined ? onlyOne(whole, documents) : documents.find((each) => each.name === name);
  if (found && whole.includes(found)) return found;
  if (found) throw settingsOnly(project, found, kind, whole);
  if (name === undefined) {
    const message = `${path} has ${names.length} \`${kind}:\` documents: ${names.join(', ')}.`;
    throw configError('name-needed', path, message, 'Name the one that you mean.');
  }
  const near = nearest(name, names);
  const message = `${path} has no \`${kind}: ${name}\`; it has ${names.join(', ')}.`;
  throw configError(
    'unknown-name',
    path,
    message,
    near ? `Did you mean ${near}?` : 'Take one of these names.',
  );
}

/** Whether a file may hold a config, by its ending: any YAML file or Markdown that a person names. */
export function mayHoldConfig(path: string): boolean {
  return /\.(ya?ml|md)$/i.test(path);
}

/** A document of that name that is of another kind, where none of the kind has it. */
function namesake({ documents }: TuneFile, kind: Kind, name: string): TuneDocument | undefined {
  const same = documents.filter((each) => each.name === name && each.kind !== undefined);
  return same.some((each) => each.kind === kind) ? undefined : same[0];
}

function otherKind({ file, kind: other, name = '' }: TuneDocument, kind: Kind): TunebookError {
  const message = `\`${name}\` of ${file.path} is a \`${other ?? ''}:\` document, not a \`${kind}:\`.`;
  const hint =
    other === 'run' || other === 'evaluate'
      ? `tunebook ${other} takes it.`
      : `This command cannot carry out a \`${other ?? ''}:\` document; take a \`${kind}:\`.`;
  return configError('other-kind', file.path, message, hint);
}

function onlyOne(whole: readonly TuneDocument[], all: readonly TuneDocument[]): TuneDocument | undefined {
  const choice = whole.length > 0 ? whole : all;
  return choice.length === 1 ? choice[0] : undefined;
}

function settingsOnly(
  project: Project,
  document: TuneDocument,
  kind: Kind,
  whole: readonly TuneDocument[],
): TunebookError {
  const { file, name = '' } = document;
  const missing = missingFields(project, document) ?? [];
  const others = whole.map((each) => each.name ?? '').join(', ');
  const message = `\`${kind}: ${name}\` of ${file.path} lacks ${listNames(missing)}, so it only holds fields for others.`;
  const hint = others ? `Take one that is whole: ${others}.` : `Add ${listNames(missing)}.`;
  return configError('settings-only', file.path, message, hint);
}

function configError(code: string, file: string, message: string, hint: string): TunebookError {
  return new TunebookError(`config/${code}`, message, { hint, location: { file } });
}
