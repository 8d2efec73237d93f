import type { TuneFile } from './tree.ts';

/** A set of config files, read at one moment: all that references between documents are looked up in. */
export interface Project {
  files: Map<string, TuneFile>;
  /** Files that were asked for and cannot be read: why, in words for people. */
  unreadable: Map<string, string>;
}

/** What is kept between two loads: a file is parsed again only when its text has changed. */
export type ParseCache = Map<string, TuneFile>;
