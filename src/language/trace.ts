import type { Project, ProjectTrace } from './project.ts';
import type { TuneDocument } from './tree.ts';

/** An answer that was got from a project, and how it is got again. */
interface Asked {
  ask: (project: Project) => string | undefined;
  answer: string | undefined;
}

/** Notes what a computation about a document looks at in a project. */
export class Trace implements ProjectTrace {
  /** The documents that were looked at, the document itself first. */
  readonly documents: TuneDocument[];
  readonly asked = new Map<string, Asked>();
  readonly #seen: Set<TuneDocument>;
  isSpoilt = false;

  constructor(document: TuneDocument) {
    this.#seen = new Set([document]);
    this.documents = [document];
  }

  /** The project as the computation is to see it. */
  watch(project: Project): Project {
    return { ...project, view: { of: project, trace: this } };
  }

  document(document: TuneDocument): void {
    if (this.#seen.has(document)) return;
    this.#seen.add(document);
    this.documents.push(document);
  }

  answer(question: string, ask: (project: Project) => string | undefined, answer: string | undefined): void {
    this.asked.set(question, { ask, answer });
  }

  spoil(): void {
    this.isSpoilt = true;
  }
}

/** Whether a project gives the answers that another one gave. */
export function answersSame(asked: Trace['asked'], project: Project): boolean {
  for (const { ask, answer } of asked.values()) if (ask(project) !== answer) return false;
  return true;
}
