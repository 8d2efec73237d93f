import type { TuneDocument, TuneFile } from './tree.ts';

/** Why a file cannot be read and what to do about it, in sentences for people. */
export interface Unreadable {
  reason: string;
  hint: string;
}

/** Why most files cannot be read. */
export const NO_SUCH_FILE: Unreadable = { reason: 'There is no such file.', hint: 'Check the path.' };

/** A set of config files, read at one moment: all that references between documents are looked up in. */
export interface Project {
  files: Map<string, TuneFile>;
  /** Files that were asked for and cannot be read. */
  unreadable: Map<string, Unreadable>;
  /** Values for `${env.NAME}`; `undefined` where another process will fill them in. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** The folder that `${workspace}` stands for in a config file; without it nobody knows. */
  workspaceOf?: (file: string) => string | undefined;
  /** Where this is a view of another project: that one, and what is told of each thing that is looked up by the view. */
  view?: { of: Project; trace: ProjectTrace };
}

/** What a computation has looked at in a project, so that it need not be done again while all of that stays the same. */
export interface ProjectTrace {
  /** It depends on what a document holds, and on where that stands. */
  document(document: TuneDocument): void;
  /** It depends on the answer to a question, which `ask` gets again. */
  answer(question: string, ask: (project: Project) => string | undefined, answer: string | undefined): void;
  /** It depends on more than can be told, and is always done again. */
  spoil(): void;
}

/** What is known of a project is known of its views. */
export function wholeOf(project: Project): Project {
  return project.view?.of ?? project;
}

/** What is kept between two loads: a file is parsed again only when its text has changed. */
export type ParseCache = Map<string, TuneFile>;
