import { isMap, isScalar, parse, parseAllDocuments } from 'yaml';
import { TunebookError } from '../../protocol/error.ts';
import { setEdit } from '../../language/edit.ts';
import { tellingWords } from '../../language/identify.ts';
import { rootMap } from '../../language/node.ts';
import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import { parse as parseFile } from '../../language/parse.ts';
import type { Kind } from '../../language/schema/kinds.ts';
import { DiskHost } from '../host.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** The world as it is on disk, but for one file: a config with other values in it. */
export class OverlayHost extends DiskHost {
  readonly #path: string;
  readonly #text: string;

  /** @param like the host whose knowledge of data and models is shared */
  constructor(workspace: string, path: string, text: string, like: DiskHost) {
    super(workspace, like.facts);
    this.#path = path;
    this.#text = text;
  }

  override readFile(path: string): ReturnType<DiskHost['readFile']> {
    return path === this.#path ? Promise.resolve(Buffer.from(this.#text)) : super.readFile(path);
  }
}

/**
 * A config with other values in fields of one of its documents. What it inherits it overrides; whether the values fit is for
 * the check to say.
 * @param values by path: `train.learning_rate`
 * @throws TunebookError `config/not-settable` where a part of the path is no section
 */
export function setFields(
  text: string,
  document: { kind: Kind; name: string; file: string },
  values: Readonly<Record<string, unknown>>,
): string {
  if (isNotebookPath(document.file))
    return Object.entries(values).reduce((current, each) => setInNotebook(current, document, each), text);
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return text;
  for (const each of documents) {
    if (!isMap(each.contents) || each.get(document.kind) !== document.name) continue;
    const names = each.contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
    if (tellingWords(names)[0] !== document.kind) continue;
    for (const [path, value] of Object.entries(values))
      try {
        each.setIn(path.split('.'), value);
      } catch (cause) {
        throw notSettable(path, document, cause);
      }
  }
  return documents.map((each) => each.toString({ lineWidth: 0 })).join('');
}

/** A notebook is no stream of documents, and what stands around its cells stays as it is. */
function setInNotebook(
  text: string,
  { kind, name, file }: { kind: Kind; name: string; file: string },
  [path, value]: [string, unknown],
): string {
  const found = parseFile(file, text).documents.find((each) => each.kind === kind && each.name === name);
  const root = found && rootMap(found);
  // JSON on one line is YAML.
  const edit = root && setEdit(root, path.split('.'), JSON.stringify(value));
  if (!edit) throw notSettable(path, { name, file });
  return text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
}

function notSettable(path: string, { name, file }: { name: string; file: string }, cause?: unknown) {
  return new TunebookError('config/not-settable', `${path} cannot be set in \`${name}\`.`, {
    hint: 'A part of it is a value there, or an alias, and not a section with fields.',
    location: { file },
    cause,
  });
}

/**
 * What `--set FIELD=VALUE` says: values as YAML reads them.
 * @throws UsageError for one that is not of this form
 */
export function readSettings(settings: readonly string[], command: string): Record<string, unknown> {
  return Object.fromEntries(
    settings.map((setting) => {
      const [, path, text] = /^([A-Za-z_][\w.-]*)=(.*)$/s.exec(setting) ?? [];
      if (path === undefined || text === undefined)
        throw new UsageError(`--set takes FIELD=VALUE, and ${JSON.stringify(setting)} is not that.`, command);
      return [path, valueOf(text, setting, command)] as const;
    }),
  );
}

function valueOf(text: string, setting: string, command: string): unknown {
  try {
    // SAFETY: any value; the check says whether it fits.
    return parse(text) as unknown;
  } catch {
    throw new UsageError(`The value of --set ${JSON.stringify(setting)} is not YAML.`, command);
  }
}
