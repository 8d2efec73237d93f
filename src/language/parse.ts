import type { TuneFile } from './tree.ts';
import { LineIndex } from './lines.ts';
import { isNotebookPath } from './notebook/notebook-path.ts';
import { readNotebook } from './notebook/read-notebook.ts';
import { sliceCells } from './notebook/slice-cells.ts';
import { LazyDocument } from './lazy-document.ts';
import type { Recovered } from './recover.ts';
import { sliceDocuments } from './slice.ts';
import type { SyntaxProblem } from './tree.ts';

/** A config is written by hand; what is larger is some other file, and is not read. */
export const MAX_FILE_LENGTH = 1_000_000;

/** More documents than this in a file are data. */
const MAX_DOCUMENTS = 1000;

/** Documents without mistakes as the YAML reader left them, by their text: what an edit leaves alone is not read again. */
const soundDocuments = new WeakMap<TuneFile, ReadonlyMap<string, Recovered>>();

/**
 * Reads a config file, or the cells of a notebook. Never throws: whatever is wrong is in `syntax`, and every document that
 * can be made out is there, with ranges in the whole file.
 * @param previous the same file before an edit, which saves most of the work
 */
export function parse(path: string, text: string, previous?: TuneFile): TuneFile {
  const known = previous && soundDocuments.get(previous);
  const sound = new Map<string, Recovered>();
  const all: LazyDocument[] = [];
  const ofFile: SyntaxProblem[] = [];
  const documents: LazyDocument[] = [];
  // Nothing of what is larger is read, not even its lines: its one problem stands at its start.
  const isTooLarge = text.length > MAX_FILE_LENGTH;
  const file: TuneFile = {
    path,
    text,
    lines: new LineIndex(isTooLarge ? '' : text),
    documents,
    slices: [],
    get syntax() {
      return [...ofFile, ...all.flatMap(({ problems }) => problems)];
    },
  };
  if (isTooLarge) {
    const message = `This file has ${text.length} characters; a config has at most ${MAX_FILE_LENGTH}. Data belongs into files that \`dataset:\` names.`;
    ofFile.push({ start: 0, end: 0, message });
    return file;
  }
  if (isNotebookPath(path)) file.notebook = readNotebook(text);
  const slices = file.notebook ? sliceCells(file.notebook) : sliceDocuments(text);
  file.slices = slices;
  const next = slices[MAX_DOCUMENTS];
  if (next) {
    const message = `This file has ${slices.length} documents; only the first ${MAX_DOCUMENTS} are read. Split the file.`;
    ofFile.push({ start: next.start, end: next.start, message });
  }
  const copies = new Map<string, number>();
  for (const slice of slices.slice(0, MAX_DOCUMENTS)) {
    const source = ownText(text.slice(slice.start, slice.end));
    const copy = copies.get(source) ?? 0;
    copies.set(source, copy + 1);
    const before = known?.get(source);
    if (before) sound.set(source, before);
    const document = new LazyDocument({ file, index: documents.length, ...slice, source, copy }, sound);
    all.push(document);
    if (!document.isEmpty) documents.push(document);
  }
  soundDocuments.set(file, sound);
  return file;
}

/** A text that is kept for long must not be a window into that of the whole file, which then would be kept as well. */
function ownText(text: string): string {
  return ` ${text}`.slice(1);
}
