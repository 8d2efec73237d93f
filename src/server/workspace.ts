import type { TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { LanguageHost } from '../language/host.ts';
import { loadProject } from '../language/load.ts';
import type { ParseCache, Project } from '../language/project.ts';
import { hubCacheFolder } from '../runs/hub-cache.ts';
import { findWorkspace } from '../runs/workspace.ts';
import { ConfigFiles } from './config-files.ts';
import { listFolder, statPath } from './disk.ts';
import type { Facts } from './facts/facts.ts';
import { FileTexts } from './file-texts.ts';
import { RunNames } from './run-names.ts';
import { pathOf } from './uri.ts';

/** What the server knows of the world: texts in open editors, then the disk. */
export class Workspace {
  readonly parsed: ParseCache = new Map();
  /** All configs below the folders of the workspace. */
  readonly configs = new ConfigFiles();
  /** What configs hold that are not open. */
  readonly texts = new FileTexts();
  readonly #documents: TextDocuments<TextDocument>;
  readonly #runNames = new RunNames();
  /** Facts of data and models; absent in a workspace that is not trusted. */
  facts: Facts | undefined;

  constructor(documents: TextDocuments<TextDocument>) {
    this.#documents = documents;
  }

  set folders(folders: readonly string[]) {
    this.configs.folders = folders;
    this.texts.folders = folders;
  }

  /** Whether the client tells of files that change below its folders. */
  set isWatched(isWatched: boolean) {
    this.configs.isWatched = isWatched;
    this.texts.isWatched = isWatched;
  }

  /** The open document of a path. */
  document(path: string): TextDocument | undefined {
    return this.#documents.all().find(({ uri }) => pathOf(uri) === path);
  }

  /** A host that answers from editors and disk, and knows nothing of data and models. */
  host(): LanguageHost {
    return {
      readFile: async (path) => this.document(path)?.getText() ?? (await this.texts.read(path)),
      stat: async (path) => (this.document(path) ? 'file' : await statPath(path)),
      listDirectory: listFolder,
      hubCache: hubCacheFolder(),
      workspaceOf: findWorkspace,
      runNames: async (configFile) => this.#runNames.find(configFile),
    };
  }

  /**
   * A host that also answers what data and models hold, and does not wait long for it: a person is waiting. What was
   * asked goes on in the background, and is known the next time.
   * @param onLate called where something was not known in time
   */
  impatientHost(milliseconds: number, onLate?: () => void): LanguageHost {
    const { facts } = this;
    if (!facts) return this.host();
    const patience = AbortSignal.timeout(milliseconds);
    const within = async <Result>(answer: (signal: AbortSignal) => Promise<Result>, signal?: AbortSignal) => {
      try {
        return await answer(signal ? AbortSignal.any([signal, patience]) : patience);
      } catch (error) {
        if (patience.aborted && !signal?.aborted) {
          onLate?.();
          return undefined;
        }
        throw error;
      }
    };
    return {
      ...this.host(),
      dataFacts: (params, signal) => within((either) => facts.data.get(params, either), signal),
      modelFacts: (params, signal) => within((either) => facts.model.get(params, either), signal),
    };
  }

  /** The file of an open document, as it is at this moment, with all that it refers to. */
  async load(document: TextDocument): Promise<Project> {
    return await this.#load(document, []);
  }

  /** The same with every config of the workspace: all that may refer to it. */
  async loadAll(document: TextDocument): Promise<Project> {
    return await this.#load(document, await this.configs.list());
  }

  /** Every config of the workspace. */
  async loadEverything(): Promise<Project> {
    return await loadProject(await this.configs.list(), this.host(), this.parsed);
  }

  async #load(document: TextDocument, others: readonly string[]): Promise<Project> {
    const path = pathOf(document.uri);
    // Edits that come while neighbours are read must not shift the text under an offset.
    const text = document.getText();
    const host = this.host();
    const readFile = async (each: string) => (each === path ? text : await host.readFile(each));
    return await loadProject([path, ...others], { ...host, readFile }, this.parsed);
  }
}
