import { identityText } from './same-document.ts';
import type { TuneDocument } from './tree.ts';

/** What is kept of documents from one look at their files to the next, by what they say and where they are. It holds on to no file. */
export class ByDocument<Value> {
  #known = new Map<string, Value>();

  get(document: TuneDocument): Value | undefined {
    return this.#known.get(identityText(document));
  }

  set(document: TuneDocument, value: Value): void {
    this.#known.set(identityText(document), value);
  }

  delete(document: TuneDocument): void {
    this.#known.delete(identityText(document));
  }

  /** Forgets all but these documents. */
  keep(documents: Iterable<TuneDocument>): void {
    const kept = new Map<string, Value>();
    for (const document of documents) {
      const key = identityText(document);
      const known = this.#known.get(key);
      if (known !== undefined) kept.set(key, known);
    }
    this.#known = kept;
  }
}
