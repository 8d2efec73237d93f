import { resolve } from 'node:path';
import { checkProject } from '../../language/check.ts';
import { loadProject } from '../../language/load.ts';
import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import type { Project } from '../../language/project.ts';
import { mayHoldConfig } from '../../language/find-document.ts';
import { findDocument } from '../../language/resolve.ts';
import type { Kind } from '../../language/schema/kinds.ts';
import type { TuneDocument } from '../../language/tree.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { CommandInput } from '../command-line/command.ts';
import { workspaceOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { DiskHost } from '../host.ts';
import { checkFor, describeElsewhere } from './check-for.ts';
import { OverlayHost, readSettings, setFields } from './set-fields.ts';
import { describeDiagnostics, summariseDiagnostics } from '../terminal/describe-diagnostics.ts';

/** A config without errors, and the document that a command was asked for. */
export interface CheckedConfig {
  /** Absolute. */
  readonly file: string;
  readonly project: Project;
  readonly document: TuneDocument;
  /** The folder that holds the runs, absolute. */
  readonly workspace: string;
  readonly host: DiskHost;
}

/**
 * Reads the config that a command names and checks it. What is wrong is printed: to the standard error, and as
 * JSON where that is wanted. Gives undefined when it has errors.
 * @param wanted what the document may be; without a name the first of them that the file has. `KIND:NAME` says which
 * @throws TunebookError `config/…`; UsageError for `--set`; the signal's reason when aborted
 */
export async function openChecked(
  input: CommandInput,
  wanted: Kind | readonly Kind[],
  signal: AbortSignal,
): Promise<CheckedConfig | undefined> {
  const { flags, terminal } = input;
  const [file = '', asked] = input.positionals;
  const { name, kinds } = readName(asked, wanted);
  const path = resolve(file);
  const workspace = workspaceOf(input, path);
  let host = new DiskHost(workspace);
  let project = await loadProject([path], host);
  const kind = kindOf(project, path, kinds, name);
  if (flags.set) {
    if (isNotebookPath(path)) throw new UsageError('Of a notebook --set goes without a NAME.', 'run');
    host = settingHost(findDocument(project, path, kind, name), flags.set, workspace, host);
    project = await loadProject([path], host);
  }
  const document = meantDocument(project, path, kind, name);
  const { diagnostics, elsewhere } =
    document instanceof TunebookError
      ? { diagnostics: await checkProject(project, [path], host, { signal }), elsewhere: [] }
      : await checkFor(project, document, host, signal);
  const wrong = diagnostics.some(({ severity }) => severity === 'error');
  if (document instanceof TunebookError && !wrong) throw document;
  if (flags.json && wrong)
    for (const each of diagnostics) terminal.printJson({ type: 'diagnostic', ...each });
  const serious = diagnostics.filter(({ severity }) => severity !== 'information');
  if (serious.length > 0) {
    const text = await describeDiagnostics(serious, { style: terminal.errorStyle, project });
    terminal.printError(`${text}\n`);
  }
  if (wrong || document instanceof TunebookError) {
    terminal.printError(`${summariseDiagnostics(diagnostics, [path])}. Nothing was started.`);
    return undefined;
  }
  if (elsewhere.length > 0) terminal.printError(`${describeElsewhere(document)}\n`);
  return { file: path, project, document, workspace, host };
}

/**
 * The document that is meant; or, where it is not there or not whole, the error that says so: a mistake in the file may be why.
 * @throws TunebookError `config/…` for a name that the file does not have
 */
function meantDocument(
  project: Project,
  path: string,
  kind: Kind,
  name: string | undefined,
): TuneDocument | TunebookError {
  try {
    return findDocument(project, path, kind, name);
  } catch (error) {
    const code = error instanceof TunebookError ? error.code : '';
    const mayBeWhy = mayHoldConfig(path) && ['config/settings-only', 'config/no-document'].includes(code);
    if (error instanceof TunebookError && mayBeWhy) return error;
    throw error;
  }
}

/** `NAME`, or `KIND:NAME` where a name stands for documents of several kinds. */
function readName(
  asked: string | undefined,
  wanted: Kind | readonly Kind[],
): { name: string | undefined; kinds: Kind | readonly Kind[] } {
  const [, written, name] = /^([a-z]+):(.*)$/.exec(asked ?? '') ?? [];
  const kind = [wanted].flat().find((each) => each === written);
  return kind === undefined ? { name: asked, kinds: wanted } : { name, kinds: kind };
}

function kindOf(
  { files }: Project,
  path: string,
  kinds: Kind | readonly Kind[],
  name: string | undefined,
): Kind {
  if (typeof kinds === 'string') return kinds;
  const documents = files.get(path)?.documents ?? [];
  const has = (kind: Kind) =>
    documents.some(
      (each) => each.kind === kind && each.name !== undefined && (name ?? each.name) === each.name,
    );
  return kinds.find(has) ?? kinds[0] ?? 'run';
}

/** The config as it would be with other values. */
function settingHost(
  { file, kind = 'run', name = '' }: TuneDocument,
  settings: readonly string[],
  workspace: string,
  host: DiskHost,
): DiskHost {
  const text = setFields(file.text, { kind, name, file: file.path }, readSettings(settings, 'run'));
  return new OverlayHost(workspace, file.path, text, host);
}
