import { splitNames } from '../data-params.ts';
import { ancestry } from '../effective.ts';
import { nearest } from '../nearest.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, replaceFix, yamlString, type Problem } from '../problem.ts';
import { setFix } from '../edit.ts';
import type { Project } from '../project.ts';
import type { TuneDocument } from '../tree.ts';
import { formatsOf, PREFERENCE, PREFERENCE_METHODS, problemTypeOf, TASK_FORMATS } from '../schema/formats.ts';
import { formatsMeasuredBy, LABEL_METRICS } from '../schema/metrics.ts';
import { brokenSections } from './broken-sections.ts';
import { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { preferenceMethod } from './method.ts';
import { explainLookup } from './references.ts';
import { splitReferences, type SplitReference } from './splits.ts';

/** A path, or a name with the ending of a data file. */
const LIKE_FILE = /[/\\]|\.(csv|tsv|jsonl?|ndjson|txt|parquet|gz)$/i;

/** What is wrong with the splits that a document names: none there, none of that name, rows of another kind. */
export function checkSplits(project: Project, document: TuneDocument): Problem[] {
  const fields = new Fields(project, document);
  return splitReferences(project, document).flatMap((reference) => {
    const found = checkSplit(project, reference) ?? checkFormat(project, fields, reference);
    return found ? [found] : [];
  });
}

function checkSplit(project: Project, reference: SplitReference): Problem | undefined {
  const { node, name, split, lookup, dataset, path, text } = reference;
  if (!lookup.found) {
    if (LIKE_FILE.test(text) && !text.includes('#')) return looksLikeFile(reference);
    const rest = split === undefined ? '' : `.${split}`;
    return explainLookup(project, lookup, { node, kind: 'dataset', text: name, rest });
  }
  if (!dataset) return undefined;
  const names = splitNames(project, dataset);
  const change = (each: string) =>
    replaceFix(`Change to ${name}.${each}`, node, yamlString(`${name}.${each}`));
  if (split === undefined) {
    const message = `\`${name}\` is a data set; \`${path.at(-1) ?? ''}\` takes one of its splits. Write ${
      listNames(
        names.map((each) => `${name}.${each}`),
        6,
        'or',
      ) || 'DATASET.SPLIT'
    }.`;
    return problem('tune/unknown-reference', node, message, names.map(change));
  }
  if (names.includes(split) || names.length === 0 || !areKnown(project, dataset)) return undefined;
  const near = nearest(split, names);
  const hint = near === undefined ? `It has ${listNames(names)}.` : `Did you mean \`${name}.${near}\`?`;
  const message = `The data set \`${name}\` has no split \`${split}\`. ${hint}`;
  return problem('tune/unknown-reference', node, message, near === undefined ? [] : [change(near)]);
}

/** Whether no split can stand on a line that cannot be read. */
function areKnown(project: Project, dataset: TuneDocument): boolean {
  const broken = brokenSections(project, dataset);
  return !ancestry(project, dataset).cycle && (broken === 'all' || !broken.has('files'));
}

function looksLikeFile({ node, path, text }: SplitReference): Problem {
  const field = path.at(-1) ?? '';
  const message = `\`${text}\` looks like a file; \`${field}\` takes a split, \`DATASET.SPLIT\`. Describe the file in a \`dataset:\` document.`;
  return problem('tune/unknown-reference', node, message);
}

/** Rows of the other format than the task reads. */
function checkFormat(project: Project, fields: Fields, reference: SplitReference): Problem | undefined {
  const { node, text, dataset } = reference;
  const format = dataset && new Fields(project, dataset).string('format');
  if (format === undefined) return undefined;
  const { kind } = fields.document;
  if (kind === 'evaluate') {
    // Of tagged words each metric is told of where it stands.
    if (format === 'tokens') return undefined;
    // What is measured where nothing is said goes by the rows.
    if (format !== PREFERENCE && fields.isUnset('metrics')) return undefined;
    const metric = fields
      .strings('metrics')
      ?.find((each) => LABEL_METRICS.includes(each) && !formatsMeasuredBy(each).includes(format));
    if (metric === undefined) return undefined;
    const formats = formatsMeasuredBy(metric).map((each) => `format: ${each}`);
    const measured = listNames(formats, formats.length, 'or');
    const message = `\`${text}\` has \`format: ${format}\`; the metric \`${metric}\` needs ${measured}. Take another data set, or other metrics.`;
    return problem('tune/wrong-format', node, message);
  }
  if (kind !== 'run') return undefined;
  const task = fields.string('model', 'task');
  const pairs = preferenceMethod(fields) !== undefined;
  if (task === 'text-generation' && pairs !== (format === PREFERENCE))
    return wrongMethod(fields, reference, format);
  const type = fields.string('model', 'problem_type');
  const needed =
    task === undefined ? [] : formatsOf(task, type).filter((each) => pairs || each !== PREFERENCE);
  if (needed.length === 0 || needed.includes(format)) return undefined;
  const other = problemTypeOf(format);
  if (task === 'text-classification' && type !== undefined && other !== undefined)
    return wrongProblem(fields, reference, { format, type, other });
  const wanted = listNames(
    needed.map((each) => `format: ${each}`),
    needed.length,
    'or',
  );
  const message = `\`${text}\` has \`format: ${format}\`; the task \`${task}\` needs ${wanted}. Take another data set, or another task.`;
  const root = rootMap(fields.document);
  const others = Object.keys(TASK_FORMATS).filter((other) => formatsOf(other).includes(format));
  return problem(
    'tune/wrong-format',
    node,
    message,
    others.map((other) => setFix(`Set task: ${other}`, root, ['model', 'task'], other)),
  );
}

/** Rows whose answers are of another kind than `problem_type` says. */
function wrongProblem(
  fields: Fields,
  { node, text }: SplitReference,
  { format, type, other }: { format: string; type: string; other: string },
): Problem {
  const message = `\`${text}\` has \`format: ${format}\`; \`problem_type: ${type}\` needs \`format: ${formatsOf('text-classification', type).join()}\`. Take another data set, or \`problem_type: ${other}\`.`;
  const root = rootMap(fields.document);
  return problem('tune/wrong-format', node, message, [
    setFix(`Set problem_type: ${other}`, root, ['model', 'problem_type'], other),
  ]);
}

/** Pairs of answers without a method that learns from pairs, or such a method without them. */
function wrongMethod(fields: Fields, { node, text }: SplitReference, format: string): Problem {
  const method = preferenceMethod(fields);
  if (format !== PREFERENCE && method) {
    const message = `\`${text}\` has \`format: ${format}\`; \`method: ${method}\` learns from pairs of answers, \`format: ${PREFERENCE}\`. Take another data set, or remove \`${method}\`.`;
    const entry = fields.entry('method', method);
    return problem('tune/wrong-format', node, message, [entry && removeFix(`Remove ${method}`, entry)]);
  }
  const message = `\`${text}\` has pairs of answers, which \`method: dpo\` and \`orpo\` learn from. Add \`dpo: {}\` or \`orpo: {}\` to \`method\`, or take another data set.`;
  return problem('tune/wrong-format', node, message, [
    ...PREFERENCE_METHODS.map((name) =>
      setFix(`Add method: ${name}`, rootMap(fields.document), ['method', name], '{}'),
    ),
  ]);
}
