import { effective } from '../effective.ts';
import { namedDocuments } from '../named-documents.ts';
import { nearest } from '../nearest.ts';
import { entryOf, valueAt } from '../node.ts';
import { problem, replaceFix, yamlString, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import type { TuneDocument } from '../tree.ts';
import { brokenSections } from './broken-sections.ts';
import { listNames } from './list-names.ts';
import { explainLookup } from './references.ts';

/** Names of documents that lead nowhere: the run of a sweep, the evaluation of an objective, the prompts of candidates. */
export function checkNamedDocuments(project: Project, document: TuneDocument): Problem[] {
  return namedDocuments(document, effective(project, document)).flatMap(({ node, kind }) => {
    const text = String(node.value);
    const found = lookup(project, node.document.file, kind, text);
    return found.found ? [] : [explainLookup(project, found, { node, kind, text })];
  });
}

/** A candidate of an objective that its evaluation does not have. */
export function checkObjectiveCandidate(project: Project, document: TuneDocument): Problem[] {
  const root = effective(project, document);
  const node = entryOf(root, 'candidate')?.value;
  const [reference] = namedDocuments(document, root);
  if (
    document.kind !== 'objective' ||
    !reference ||
    node?.type !== 'scalar' ||
    typeof node.value !== 'string'
  )
    return [];
  const { found } = lookup(project, reference.node.document.file, 'evaluate', String(reference.node.value));
  if (!found || isBroken(project, found)) return [];
  const candidates = valueAt(effective(project, found), 'candidates');
  const names = candidates?.type === 'map' ? candidates.entries.map(({ name }) => name) : [];
  if (names.length === 0 || names.includes(node.value)) return [];
  const near = nearest(node.value, names);
  const hint = near === undefined ? `It has ${listNames(names)}.` : `Did you mean \`${near}\`?`;
  const message = `The evaluation \`${found.name ?? ''}\` has no candidate \`${node.value}\`. ${hint}`;
  return [
    problem('tune/unknown-reference', node, message, [
      near === undefined ? undefined : replaceFix(`Change to ${near}`, node, yamlString(near)),
    ]),
  ];
}

function isBroken(project: Project, document: TuneDocument): boolean {
  const broken = brokenSections(project, document);
  return broken === 'all' || broken.has('candidates');
}
