import type { DocumentInputs } from '../../protocol/notebook.ts';
import { ByDocument } from '../by-document.ts';
import type { Project } from '../project.ts';
import { identityOf, sameDocument, type DocumentIdentity } from '../same-document.ts';
import { answersSame, Trace } from '../trace.ts';
import type { TuneDocument } from '../tree.ts';
import { documentInputs } from './document-inputs.ts';

interface Remembered {
  inputs: DocumentInputs | undefined;
  /** What was looked at for them. */
  documents: readonly DocumentIdentity[];
  asked: Trace['asked'];
}

/**
 * What documents of a notebook depend on, kept between two looks at it: an edit of one cell has only the inputs of that cell, and of those
 * that refer to it, worked out again. Inputs that are kept are the same object each time.
 */
export class InputsMemory {
  readonly #known = new ByDocument<Remembered>();

  /**
   * @returns what {@link documentInputs} gives
   * @throws Error when the document is not valid
   */
  recall(project: Project, document: TuneDocument): DocumentInputs | undefined {
    // What a prompt is asked with stands in whatever evaluation names it.
    if (document.kind === 'prompt') return documentInputs(project, document);
    const known = this.#known.get(document);
    if (known && isTrue(known, project)) return known.inputs;
    const trace = new Trace(document);
    const inputs = documentInputs(trace.watch(project), document);
    const { documents, asked } = trace;
    if (trace.isSpoilt) this.#known.delete(document);
    else this.#known.set(document, { inputs, documents: documents.map(identityOf), asked });
    return inputs;
  }

  /** Forgets all but these documents. */
  keep(documents: Iterable<TuneDocument>): void {
    this.#known.keep(documents);
  }
}

function isTrue({ documents, asked }: Remembered, project: Project): boolean {
  return documents.every((each) => sameDocument(project, each)) && answersSame(asked, project);
}
