import { formatNumber, formatPercent } from '../../protocol/format.ts';
import { basename } from '../path.ts';
import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import type { TuneDocument } from '../tree.ts';
import { DatasetView } from './dataset-view.ts';
import type { Fields } from './fields.ts';
import { checkSharedData } from './shared-data.ts';
import { splitReference, type SplitReference } from './splits.ts';
import type { World } from './world.ts';

/** Below this share of the evaluated rows it is said, but is no warning: short texts repeat by themselves. */
const FEW = 0.01;

/** Rows that stand both in what is trained on and in what is evaluated on, by what they say and not by their file. */
export async function checkSharedRows(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  const { document } = fields;
  const evaluated =
    document.kind === 'run'
      ? splitReference(project, document, 'data', 'eval')
      : splitReference(project, document, 'data');
  // The same file twice is told by itself.
  if (!evaluated || (await checkSharedData(project, fields, world)).length > 0) return [];
  for (const run of trainedRuns(project, fields)) {
    const trained = splitReference(project, run, 'data', 'train');
    const found = trained && (await compare(project, trained, evaluated, world));
    if (found) return [found];
  }
  return [];
}

/** The runs whose training is judged: the run itself, or those of an evaluation. */
function trainedRuns(project: Project, fields: Fields): TuneDocument[] {
  const { document } = fields;
  if (document.kind === 'run') return [document];
  const candidates = fields.node('candidates');
  if (candidates?.type !== 'map') return [];
  const runs = candidates.entries.flatMap(({ name }) => {
    const reference = fields.string('candidates', name, 'run')?.split('@')[0];
    return reference === undefined ? [] : (lookup(project, document.file, 'run', reference).found ?? []);
  });
  return [...new Set(runs)];
}

async function compare(
  project: Project,
  trained: SplitReference,
  evaluated: SplitReference,
  world: World,
): Promise<Problem | undefined> {
  const [train, test] = await Promise.all([
    paramsOf(project, trained, world),
    paramsOf(project, evaluated, world),
  ]);
  const facts = train && test && (await world.sharedRows({ train, eval: test }));
  if (!facts || facts.shared === 0 || facts.rows === 0) return undefined;
  const share = facts.shared / facts.rows;
  const isOne = facts.shared === 1;
  const place = facts.first
    ? ` (${isOne ? 'it is' : 'the first is'} ${basename(facts.first.file)}:${facts.first.line})`
    : '';
  const message = `${formatNumber(facts.shared)} of ${formatNumber(facts.rows)} rows (${formatPercent(share)}) of \`${evaluated.text}\` ${isOne ? 'stands' : 'stand'} in \`${trained.text}\` too${place}, so metrics will look too good. Remove them from one of the two.`;
  const found = problem('tune/shared-rows', evaluated.node, message);
  return share < FEW ? { ...found, severity: 'information' } : found;
}

async function paramsOf(project: Project, { dataset, split }: SplitReference, world: World) {
  if (!dataset || split === undefined) return undefined;
  return await new DatasetView(project, dataset).params(world, split);
}
