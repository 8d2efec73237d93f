import type { LanguageHost } from '../host.ts';
import type { Project } from '../project.ts';

/** A place in a project's file to explain. */
export interface HoverRequest {
  project: Project;
  /** The file, absolute. */
  path: string;
  /** UTF-16 code units from the start of the file. */
  offset: number;
  host: LanguageHost;
  signal?: AbortSignal;
}

/** An explanation in Markdown, and what it is about. Offsets are those of the file. */
export interface Hover {
  start: number;
  end: number;
  markdown: string;
}
