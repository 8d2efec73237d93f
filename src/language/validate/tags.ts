import { nearest } from '../nearest.ts';
import { problem, removeFix, replaceFix, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { TAG_EVALUATION } from '../schema/metrics.ts';
import { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { splitReference } from './splits.ts';

/** What of an evaluation of tagged words can be measured. */
const MEASURED: readonly string[] = [...TAG_EVALUATION, 'latency'];

/** The split of an evaluation whose rows are tagged words; undefined for one of other rows, and for a benchmark. */
export function taggedSplit(project: Project, fields: Fields): string | undefined {
  if (fields.document.kind !== 'evaluate' || !fields.isUnset('benchmark')) return undefined;
  const { dataset, text } = splitReference(project, fields.document, 'data') ?? {};
  return dataset && new Fields(project, dataset).string('format') === 'tokens' ? text : undefined;
}

/** What an evaluation of tagged words asks for that taggers do not have: other metrics, prompts, assertions. */
export function checkTags(project: Project, fields: Fields): Problem[] {
  const split = taggedSplit(project, fields);
  return split === undefined
    ? []
    : [...checkMetrics(fields, split), ...checkCandidates(fields, split), ...checkAssertions(fields)];
}

function checkMetrics(fields: Fields, split: string): Problem[] {
  const list = fields.node('metrics');
  const asked = fields.strings('metrics');
  if (list?.type !== 'seq' || !asked) return [];
  return list.items.flatMap((item) => {
    const metric = item.type === 'scalar' ? item.value : undefined;
    if (typeof metric !== 'string' || MEASURED.includes(metric)) return [];
    const free = MEASURED.filter((each) => !asked.includes(each));
    const instead = nearest(metric, free) ?? free[0];
    const message = `\`${split}\` has tagged words (\`format: tokens\`), which \`${metric}\` does not measure. Measure some of ${listNames(MEASURED)}.`;
    return problem('tune/wrong-format', item, message, [
      instead === undefined ? undefined : replaceFix(`Change to ${instead}`, item, instead),
    ]);
  });
}

function checkCandidates(fields: Fields, split: string): Problem[] {
  const candidates = fields.node('candidates');
  if (candidates?.type !== 'map') return [];
  return candidates.entries.flatMap(({ name: candidate }) =>
    ['endpoint', 'prompt', 'generation'].flatMap((field) => {
      const entry = fields.entry('candidates', candidate, field);
      if (!entry) return [];
      const message = `A candidate with \`${field}\` writes its answers, and no tag of a word can be read from them, as \`${split}\` (\`format: tokens\`) needs. Give a \`run\` or a \`model\` of the task \`token-classification\`; to compare written answers, keep the entities of each row as its \`completion\` (\`format: prompt-completion\`).`;
      const fix = field === 'endpoint' ? undefined : removeFix(`Remove ${field}`, entry);
      return problem('tune/wrong-format', entry.key, message, [fix]);
    }),
  );
}

function checkAssertions(fields: Fields): Problem[] {
  const entry = fields.entry('assertions');
  const message = '`assertions` are about written answers, and taggers write none. Remove them.';
  return entry
    ? [problem('tune/wrong-format', entry.key, message, [removeFix('Remove assertions', entry)])]
    : [];
}
