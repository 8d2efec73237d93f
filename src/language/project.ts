import type { TuneFile } from './tree.ts';

/** A set of config files, read at one moment: all that references between documents are looked up in. */
export interface Project {
  files: Map<string, TuneFile>;
  /** Files that were asked for and cannot be read: why, in words for people. */
  unreadable: Map<string, string>;
  /** Values for `${env.NAME}`; `undefined` where another process will fill them in. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** The folder that `${workspace}` stands for in a config file; without it nobody knows. */
  workspaceOf?: (file: string) => string | undefined;
}

/** What is kept between two loads: a file is parsed again only when its text has changed. */
export type ParseCache = Map<string, TuneFile>;
