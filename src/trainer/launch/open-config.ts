import { resolve } from 'node:path';
import type { Kind } from '../../language/schema/kinds.ts';
import type { Project } from '../../language/project.ts';
import type { TuneDocument } from '../../language/tree.ts';
import { loadProject } from '../../language/load.ts';
import { findDocument } from '../../language/find-document.ts';
import { DiskHost } from '../host.ts';

/** The document that a command was asked for, in the files around it. */
export interface OpenedConfig {
  /** Absolute. */
  readonly file: string;
  readonly project: Project;
  readonly document: TuneDocument;
}

/**
 * Reads a config and finds the document that is meant.
 * @throws TunebookError `config/…`
 */
export async function openConfig(file: string, kind: Kind, name: string | undefined): Promise<OpenedConfig> {
  const path = resolve(file);
  const project = await loadProject([path], new DiskHost());
  return { file: path, project, document: findDocument(project, path, kind, name) };
}
