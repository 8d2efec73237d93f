import { setEdit } from '../../language/edit.ts';
import { rootMap, valueAt } from '../../language/node.ts';
import { parse } from '../../language/parse.ts';
import type { TuneDocument, TuneFile } from '../../language/tree.ts';
import { TunebookError } from '../../protocol/error.ts';
import { UsageError } from '../command-line/usage-error.ts';

/**
 * The text of a notebook with the values of `--set [NAME.]FIELD=VALUE` written into its cells. With a document's name in front the
 * field is set there, and added where it is not; without one it is set wherever it stands.
 * @param inCell whether a document is one of those that shall be run
 * @throws UsageError for an assignment that is none; TunebookError `notebook/set` for a field that stands nowhere
 */
export function setFields(
  path: string,
  text: string,
  assignments: readonly string[],
  inCell: (document: TuneDocument) => boolean = () => true,
): string {
  return assignments.reduce((current, each) => setField(parse(path, current), each, inCell), text);
}

function setField(file: TuneFile, assignment: string, inCell: (document: TuneDocument) => boolean): string {
  const match = /^([A-Za-z_][\w-]*(?:\.[\w-]+)*)=([^\r\n]*)$/.exec(assignment);
  const steps = match?.[1]?.split('.') ?? [];
  const value = match?.[2]?.trim() ?? '';
  if (!match || value === '') {
    throw new UsageError(
      `--set takes FIELD=VALUE, like train.learning_rate=1e-4, and not ${JSON.stringify(assignment)}.`,
      'run',
    );
  }
  const [first = '', ...rest] = steps;
  const named = rest.length > 0 ? file.documents.filter(({ name }) => name === first) : [];
  const field = named.length > 0 ? rest : steps;
  const documents =
    named.length > 0
      ? named.filter((each, _, all) => all.length === 1 || valueAt(each.root, ...field) !== undefined)
      : file.documents.filter((each) => inCell(each) && valueAt(each.root, ...field) !== undefined);
  const edits = documents.map((document) => {
    const root = rootMap(document);
    return root && setEdit(root, field, value);
  });
  if (edits.length === 0) throw nowhere(file, first, field, named.length);
  return edits
    .filter((edit) => edit !== undefined)
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, newText }) => text.slice(0, start) + newText + text.slice(end), file.text);
}

function nowhere(file: TuneFile, first: string, field: readonly string[], named: number): TunebookError {
  const written = field.join('.');
  if (named > 1) {
    return new TunebookError(
      'notebook/set',
      `${named} documents are called ${first}, and none of them sets ${written}.`,
      {
        hint: 'Write the field into the one that is meant.',
        location: { file: file.path },
      },
    );
  }
  const names = file.documents.flatMap(({ name }) => name ?? []);
  return new TunebookError('notebook/set', `No document that is run sets ${written}.`, {
    hint: `Say which one shall get it: --set NAME.${written}=…, where NAME is one of ${names.join(', ') || 'none: there are no documents'}.`,
    location: { file: file.path },
  });
}
