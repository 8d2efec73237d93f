import type { CheckDiagnostic } from '../protocol/check.ts';
import { ByDocument } from './by-document.ts';
import { newlineOf } from './edit.ts';
import { moveDiagnostic, type Move } from './move-diagnostic.ts';
import type { Project } from './project.ts';
import { identityOf, sameDocument, type DocumentIdentity } from './same-document.ts';
import { answersSame, Trace } from './trace.ts';
import type { TuneDocument } from './tree.ts';
import type { World, WorldQuestion } from './validate/world.ts';

/** What a check finds in one document. */
export interface Finding {
  diagnostics: readonly CheckDiagnostic[];
  /** The documents that it takes something from, or names. */
  referred: readonly TuneDocument[];
}

/** A finding, and all that it was found by. It holds on to no file. */
interface Remembered {
  diagnostics: readonly CheckDiagnostic[];
  referred: readonly DocumentIdentity[];
  /** The documents that were looked at, the document itself first. */
  documents: readonly Looked[];
  asked: Trace['asked'];
  worldAsked: ReadonlyMap<string, WorldQuestion>;
}

/** A document as it was looked at, and whether it stood behind the one that was checked. */
interface Looked extends DocumentIdentity, Surroundings {
  isBehind: boolean;
}

/** What of its file shows in what is said of a document. */
interface Surroundings {
  firstLine: number;
  lastLine: number;
  newline: string;
}

/**
 * What was found in documents by earlier checks. It is true as long as the document, those that it refers to, and all answers to what was
 * asked are the same; where it stands may change.
 */
export class CheckMemory {
  readonly #known = new ByDocument<Remembered>();

  /**
   * What `find` finds in a document. It is called, with views of the project and of the world, only where the document has changed,
   * or something that was looked at for it.
   */
  async recall(
    project: Project,
    document: TuneDocument,
    world: World,
    find: (project: Project, world: World) => Promise<Finding>,
  ): Promise<Finding> {
    const known = this.#known.get(document);
    const still = known && (await stillTrue(known, project, document, world));
    if (still) return still;
    const trace = new Trace(document);
    const worldAsked = new Map<string, WorldQuestion>();
    const found = await find(trace.watch(project), world.traced(worldAsked));
    const { diagnostics, referred } = found;
    const { documents, asked } = trace;
    if (trace.isSpoilt) this.#known.delete(document);
    else
      this.#known.set(document, {
        diagnostics,
        referred: referred.map(identityOf),
        documents: documents.map((each) => look(each, document)),
        asked,
        worldAsked,
      });
    return found;
  }

  /** Forgets all but these documents. */
  keep(documents: Iterable<TuneDocument>): void {
    this.#known.keep(documents);
  }
}

function look(document: TuneDocument, from: TuneDocument): Looked {
  return { ...identityOf(document), ...surroundingsOf(document), isBehind: isBehind(document, from) };
}

function isBehind({ file, start }: TuneDocument, from: TuneDocument): boolean {
  return file === from.file && start > from.start;
}

const known = new WeakMap<TuneDocument, Surroundings>();

function surroundingsOf(document: TuneDocument): Surroundings {
  let found = known.get(document);
  if (!found) {
    const { file, start, end } = document;
    const [firstLine, lastLine] = [file.lines.line(start), file.lines.line(Math.max(start, end - 1))];
    found = { firstLine, lastLine, newline: newlineOf(file) };
    known.set(document, found);
  }
  return found;
}

/** A finding where it stands now; `undefined` where it may no longer be true. */
async function stillTrue(
  { documents, asked, worldAsked, diagnostics, referred }: Remembered,
  project: Project,
  document: TuneDocument,
  world: World,
): Promise<Finding | undefined> {
  const moves: Move[] = [];
  for (const [index, before] of documents.entries()) {
    const now = index === 0 ? document : sameDocument(project, before);
    if (!now || isBehind(now, document) !== before.isBehind) return undefined;
    const { firstLine, newline } = surroundingsOf(now);
    if (newline !== before.newline) return undefined;
    const { path, firstLine: first, lastLine: last } = before;
    moves.push({ file: path, first, last, by: firstLine - first });
  }
  if (!answersSame(asked, project)) return undefined;
  for (const { ask, answer } of worldAsked.values()) if (!isSame(await ask(world), answer)) return undefined;
  const moved = moves.every(({ by }) => by === 0)
    ? diagnostics
    : diagnostics.map((each) => moveDiagnostic(each, moves));
  const isWhole = moved.every((each) => each !== undefined);
  return isWhole
    ? { diagnostics: moved, referred: referred.flatMap((each) => sameDocument(project, each) ?? []) }
    : undefined;
}

/** Facts are the same object while they are known, but a host may make them anew. */
function isSame(now: unknown, before: unknown): boolean {
  return now === before || (typeof now === 'object' && JSON.stringify(now) === JSON.stringify(before));
}
