import { wholeOf, type Project } from './project.ts';
import type { TuneDocument } from './tree.ts';

/** What was made of the documents of a project. */
export type Made<Value> = WeakMap<Project, Map<TuneDocument, Value>>;

/**
 * What `make` makes of a document, made once for a project: that is read at one moment and stays as it is. What is known of a
 * project is known of its views, so what `make` looks at has to be told to the trace by the caller.
 */
export function once<Value>(
  made: Made<Value>,
  project: Project,
  document: TuneDocument,
  make: () => Value,
): Value {
  const whole = wholeOf(project);
  let ofProject = made.get(whole);
  if (!ofProject) made.set(whole, (ofProject = new Map<TuneDocument, Value>()));
  const known = ofProject.get(document);
  if (known !== undefined) return known;
  const value = make();
  ofProject.set(document, value);
  return value;
}
