import type { TuneDocument, TuneFile } from './tree.ts';
import { TreeBuilder } from './build-tree.ts';
import { identify } from './identify.ts';
import { LineIndex } from './lines.ts';

import { recover, type Recovered } from './recover.ts';
import { TOO_DEEP } from './syntax.ts';
import { isNotebookPath } from './notebook/notebook-path.ts';
import { readNotebook } from './notebook/read-notebook.ts';
import { sliceCells } from './notebook/slice-cells.ts';
import { sliceDocuments, type Slice } from './slice.ts';

/** A config is written by hand; what is larger is some other file, and is not read. */
export const MAX_FILE_LENGTH = 1_000_000;

/** More documents than this in a file are data. */
const MAX_DOCUMENTS = 1000;

/** More brackets than this inside each other are no config, and slow to read. */
const MAX_DEPTH = 200;

/** Documents without mistakes as the YAML reader left them, by their text: what an edit leaves alone is not read again. */
const soundDocuments = new WeakMap<TuneFile, Map<string, Recovered>>();

/**
 * Reads a config file, or the cells of a notebook. Never throws: whatever is wrong is in `syntax`, and every document that
 * can be made out is there, with ranges in the whole file.
 * @param previous the same file before an edit, which saves most of the work
 */
export function parse(path: string, text: string, previous?: TuneFile): TuneFile {
  const file: TuneFile = { path, text, lines: new LineIndex(text), documents: [], slices: [], syntax: [] };
  if (text.length > MAX_FILE_LENGTH) {
    const message = `This file has ${text.length} characters; a config has at most ${MAX_FILE_LENGTH}. Data belongs into files that \`dataset:\` names.`;
    file.syntax.push({ start: 0, end: 0, message });
    return file;
  }
  if (isNotebookPath(path)) file.notebook = readNotebook(text);
  const slices = file.notebook ? sliceCells(file.notebook) : sliceDocuments(text);
  file.slices = slices;
  const next = slices[MAX_DOCUMENTS];
  if (next) {
    const message = `This file has ${slices.length} documents; only the first ${MAX_DOCUMENTS} are read. Split the file.`;
    file.syntax.push({ start: next.start, end: next.start, message });
  }
  const known = previous && soundDocuments.get(previous);
  const sound = new Map<string, Recovered>();
  const copies = new Map<string, number>();
  for (const slice of slices.slice(0, MAX_DOCUMENTS)) {
    const source = ownText(text.slice(slice.start, slice.end));
    const copy = copies.get(source) ?? 0;
    copies.set(source, copy + 1);
    parseDocument(file, { ...slice, source, copy }, known, sound);
  }
  soundDocuments.set(file, sound);
  return file;
}

/** A text that is kept for long must not be a window into that of the whole file, which then would be kept as well. */
function ownText(text: string): string {
  return ` ${text}`.slice(1);
}

function parseDocument(
  file: TuneFile,
  slice: Slice & Pick<TuneDocument, 'source' | 'copy'>,
  known: ReadonlyMap<string, Recovered> | undefined,
  sound: Map<string, Recovered>,
): void {
  let recovered: Recovered;
  const document: TuneDocument = {
    file,
    index: file.documents.length,
    ...slice,
    root: undefined,
    kind: undefined,
    name: undefined,
    header: undefined,
    broken: false,
  };
  try {
    const { source } = slice;
    if (depthOf(source) > MAX_DEPTH) throw new RangeError('too deep');
    const before = known?.get(source) ?? recover(source, file.text, slice.start);
    if (before.problems.length === 0) sound.set(source, before);
    // Building the tree adds problems of its own.
    recovered = { ...before, problems: [...before.problems] };
    if (recovered.document) new TreeBuilder(document, recovered.document, recovered.problems).build();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    recovered = {
      document: undefined,
      problems: [{ start: slice.start, end: slice.start, message: TOO_DEEP }],
    };
    document.root = undefined;
  }
  document.broken = recovered.problems.length > 0;
  file.syntax.push(...recovered.problems);
  if (document.root === undefined && recovered.problems.length === 0) return;
  identify(document);
  file.documents.push(document);
}

/** How many brackets are open at once, those in quotes aside: an upper bound for how deep the reader descends into them. */
function depthOf(source: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of source.matchAll(/[[\]{}]|"[^"\n]*"|'[^'\n]*'/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
  }
  return deepest;
}
