import { rubricMetric } from '../../protocol/format.ts';
import { setFix } from '../edit.ts';
import { nearest } from '../nearest.ts';
import { rootMap, toValue } from '../node.ts';
import { problem, type Fix, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import { METRIC_NAMES } from '../schema/metrics.ts';
import { writeValue } from '../write-value.ts';
import { Fields } from './fields.ts';
import { listNames } from './list-names.ts';
import { renameFix } from './rename-fix.ts';

/** Numbers that an objective asks for and its evaluation does not measure. */
export function checkObjective(project: Project, fields: Fields): Problem[] {
  const accept = fields.document.kind === 'objective' ? fields.node('accept') : undefined;
  const reference = fields.string('evaluate');
  const node = fields.node('evaluate');
  if (accept?.type !== 'map' || reference === undefined || !node) return [];
  const { found } = lookup(project, node.document.file, 'evaluate', reference);
  const measured = found && measuredBy(new Fields(project, found));
  if (!found || !measured) return [];
  return accept.entries
    .filter(({ name }) => !measured.includes(name))
    .map((entry) => {
      const near = nearest(entry.name, measured);
      const hint = near === undefined ? `It measures ${listNames(measured)}.` : `Did you mean \`${near}\`?`;
      const message = `The evaluation \`${found.name ?? ''}\` does not measure \`${entry.name}\`. ${hint}`;
      const add = METRIC_NAMES.some((name) => name === entry.name)
        ? addMetric(new Fields(project, found), entry.name)
        : undefined;
      return problem('tune/unmeasured-objective', entry.key, message, [
        near === undefined ? undefined : renameFix(entry, near),
        add,
      ]);
    });
}

/** The metrics of an evaluation, with its assertions and the scores of its judge; `undefined` where they are not known. */
function measuredBy(evaluation: Fields): string[] | undefined {
  const metrics = evaluation.strings('metrics');
  if (!metrics) return undefined;
  const names = (...path: string[]) => {
    const node = evaluation.node(...path);
    return node?.type === 'map' ? node.entries.map(({ name }) => name) : [];
  };
  return [...metrics, ...names('judge', 'rubric').map(rubricMetric), ...names('assertions')];
}

function addMetric(evaluation: Fields, metric: string): Fix | undefined {
  const node = evaluation.node('metrics');
  const { document } = evaluation;
  // Another file is changed by who looks at it.
  if (node && node.document !== document) return undefined;
  const written = node?.type === 'seq' ? node.items.map(toValue) : (evaluation.strings('metrics') ?? []);
  const text = `[${[...written, metric].map(writeValue).join(', ')}]`;
  return setFix(`Measure ${metric} in ${document.name ?? ''}`, rootMap(document), ['metrics'], text);
}
