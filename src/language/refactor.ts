import { locate } from './locate.ts';
import type { Fix } from './problem.ts';
import { extractDefaults } from './refactoring/extract-defaults.ts';
import { makeSweep } from './refactoring/make-sweep.ts';
import { staysSound } from './stays-sound.ts';
import type { TuneFile } from './tree.ts';

/** A change of form that a person can ask for at a place, in the words of the protocol's kinds. */
export interface Refactoring extends Fix {
  kind: 'refactor.extract' | 'refactor.rewrite';
}

/** What can be made of the field at an offset: defaults that others can extend, or a sweep. */
export function findRefactorings(file: TuneFile, offset: number): Refactoring[] {
  const located = locate(file, offset);
  if (!located) return [];
  const defaults = extractDefaults(located);
  const sweep = makeSweep(located);
  return [
    ...(sweep ? [{ ...sweep, kind: 'refactor.rewrite' as const }] : []),
    ...(defaults ? [{ ...defaults, kind: 'refactor.extract' as const }] : []),
  ].filter(({ edits }) => staysSound(edits));
}
