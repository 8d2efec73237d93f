import { holdOutOf } from './data-params.ts';
import { effective } from './effective.ts';
import { CUT_SPLIT, cutOf, HELD_OUT_SPLIT } from './held-out.ts';
import { anchorsIn } from './naming/anchors.ts';
import { family, type NamePlace } from './naming/named.ts';
import { namesIn, type NameUse } from './naming/walk-names.ts';
import { dirname } from './path.ts';
import type { FileEdit } from './problem.ts';
import type { Project } from './project.ts';
import { findName, findReferences } from './references.ts';
import { NAME_PATTERN } from './schema/field.ts';
import { staysSound } from './stays-sound.ts';
import type { TuneDocument } from './tree.ts';

/** What a rename would change, and the text that stands there. */
export interface Renameable {
  start: number;
  end: number;
  placeholder: string;
}

/** The edits of a rename, in all files that it reaches; or why it is not done, in words for people. */
export type Renaming = { edits: FileEdit[] } | { refusal: string };

/** The name at an offset that can be changed; `undefined` where there is none. */
export function findRenameable(project: Project, path: string, offset: number): Renameable | undefined {
  const use = findName(project, path, offset);
  if (!use || use.place.isPinned) return undefined;
  const { start, end } = use.place;
  return { start, end, placeholder: use.name };
}

/**
 * Gives a document, a split, a candidate, a variable or a YAML anchor another name, wherever it is written in the project. Runs on disk keep the name that
 * they were started with, so references that name one by its id (`NAME@ID`) stay.
 * @param project must hold every file that may refer to the name
 */
export function rename(project: Project, path: string, offset: number, newName: string): Renaming {
  const use = findName(project, path, offset);
  if (!use)
    return {
      refusal:
        'There is no name here. Names of documents, splits, candidates, variables and anchors can be changed.',
    };
  if (!new RegExp(NAME_PATTERN).test(newName)) {
    const refusal = `${JSON.stringify(newName)} is no name: write letters, digits, \`_\` and \`-\`, starting with a letter or a digit.`;
    return { refusal };
  }
  if (newName === use.name) return { edits: [] };
  if (use.what === 'split' && isPartOfCut(project, use)) {
    const refusal = `\`train_test_split\` makes \`${HELD_OUT_SPLIT}\` of \`${CUT_SPLIT}\`: these two names are fixed.`;
    return { refusal };
  }
  const taken = findTaken(project, use, newName);
  if (taken !== undefined) return { refusal: `${taken} Choose another name.` };
  const places = findReferences(project, use);
  const edits = places.filter(({ isPinned }) => !isPinned).map((place) => editAt(place, use.name, newName));
  const isHidden = use.what === 'variable' && places.some(({ isPinned }) => isPinned);
  if (!isHidden && staysSound(edits)) return { edits };
  const refusal = `\`${use.name}\` cannot be renamed: it is written with characters that YAML reads in more than one way. Write it anew first.`;
  return { refusal };
}

/** Whether a split is one of the two sides of a `train_test_split`. */
function isPartOfCut(project: Project, { document, name }: NameUse): boolean {
  const holdOut = holdOutOf(effective(project, document));
  return cutOf(holdOut, name) !== undefined;
}

/** Says what has the new name already, where a reference could mean either. */
function findTaken(project: Project, use: NameUse, newName: string): string | undefined {
  const { document } = use;
  if (use.what === 'anchor') return findTakenAnchor(document, newName);
  const related = use.what === 'document' ? undefined : family(project, document);
  const folder = dirname(document.file.path);
  for (const file of project.files.values()) {
    for (const other of file.documents) {
      const line = () => `${file.path}:${file.lines.position(other.header?.key.start ?? other.start).line}`;
      if (related?.has(other)) {
        const owns = [...namesIn(project, other)].some(
          ({ what, name, place }) => place.isDefinition && what === use.what && name === newName,
        );
        if (owns) return `There is a ${use.what} \`${newName}\` already, in ${line()}.`;
      }
      if (related || other.kind !== document.kind || other.name !== newName) continue;
      if (dirname(file.path) === folder)
        return `There is a \`${other.kind ?? ''}: ${newName}\` already, in ${line()}.`;
    }
  }
  return undefined;
}

/** An anchor of the new name, between which and its own aliases the other would come. */
function findTakenAnchor(document: TuneDocument, newName: string): string | undefined {
  const other = anchorsIn(document).find(({ name }) => name === newName);
  if (!other) return undefined;
  const { path, lines } = document.file;
  return `There is an anchor \`&${newName}\` already, in ${path}:${lines.position(other.definition.start).line}.`;
}

function editAt({ node, start, end, at }: NamePlace, name: string, newName: string): FileEdit {
  const { file } = node.document;
  const written = file.text.slice(start, end);
  if (written === name || node.type !== 'scalar') return { file, start, end, newText: newName };
  // In a text with escapes the name cannot be found by its letters: the whole text is written anew.
  const value = String(node.value);
  return {
    file,
    start,
    end,
    newText: JSON.stringify(value.slice(0, at) + newName + value.slice(at + name.length)),
  };
}
