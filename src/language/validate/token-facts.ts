import { formatNumber, formatPercent } from '../../protocol/format.ts';
import { setFix } from '../edit.ts';
import { effective } from '../effective.ts';
import { hasUnresolved, rootMap } from '../node.ts';
import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { resolveRun, type ResolvedRun } from '../resolve.ts';
import { withHint } from '../to-diagnostic.ts';
import { knownBaseFolder } from './base-folder.ts';
import type { Fields } from './fields.ts';
import { knownPositions } from './model-fit.ts';
import { splitReference, splitReferences } from './splits.ts';
import type { World } from './world.ts';

/** Below this share of the rows a cut is said, but is no warning. */
const FEW = 0.01;

/** What `max_length` does to the rows of a run that has no error: how many are cut, and how many say nothing any more. */
export async function checkTokens(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  if (!world.knowsTokens) return [];
  const train = splitReference(project, fields.document, 'data', 'train');
  const run = train && tryResolve(project, fields);
  if (!train || !run || run.model.task === 'fill-mask' || run.data.packing_strategy === 'wrapped') return [];
  const facts = await world.tokenFacts({ run: { ...run }, files: await filesOf(run, world) });
  if (!facts) return [];
  if (facts.problem) {
    const { code, message, hint } = facts.problem;
    const { file } = train.node.document;
    const place = { file, start: train.node.start, end: train.node.end };
    return [{ ...place, severity: 'error', code, message: withHint(message, hint), fixes: [] }];
  }
  const place = fields.node('data', 'max_length') ?? train.node;
  const length = run.data.max_length;
  const base = await knownBaseFolder(fields, world);
  const ofModel = base === undefined ? undefined : await world.modelFacts(base);
  const most = Math.min(facts.longest, knownPositions(fields, ofModel) ?? Infinity);
  const setLength = (what: string) =>
    setFix(`Set max_length: ${most}, ${what}`, rootMap(place.document), ['data', 'max_length'], String(most));
  const [advice, longer] =
    most === facts.longest
      ? [`Set it to ${most} to cut none`, setLength('which cuts none')]
      : most > length
        ? [`Set it to ${most}, all that the model can read`, setLength('all that the model can read')]
        : ['The model can read no more'];
  const of = (count: number) =>
    `${formatNumber(count)} of ${formatNumber(facts.rows)} rows (${formatPercent(count / facts.rows)})`;
  if (facts.masked > 0) {
    const message = `Of ${of(facts.masked)} of \`${train.text}\` nothing is learnt: what should count is cut off at \`max_length: ${length}\`. ${advice}.`;
    return [problem('tune/masked-rows', place, message, [longer])];
  }
  if (facts.fullyMasked !== undefined) {
    const message = `Of ${of(facts.fullyMasked)} of \`${train.text}\` nothing is learnt: no token of them counts for the loss. Look for answers that are empty or of another role.`;
    return [problem('tune/masked-rows', train.node, message)];
  }
  if (facts.cut === 0) return [];
  const message = `\`max_length: ${length}\` cuts off the end of ${of(facts.cut)} of \`${train.text}\`; the longest has ${formatNumber(facts.longest)} tokens. ${advice}${longer ? ', or' : ':'} shorten the texts.`;
  const found = problem('tune/cut-rows', place, message, [longer]);
  return [facts.cut / facts.rows < FEW ? { ...found, severity: 'information' } : found];
}

/** The run as the trainer gets it; `undefined` where something that it needs is wrong or not known. */
function tryResolve(project: Project, fields: Fields): ResolvedRun | undefined {
  const documents = splitReferences(project, fields.document).map(({ dataset }) => dataset);
  if (documents.some((each) => !each)) return undefined;
  const roots = [fields.document, ...documents].map((each) => each && effective(project, each));
  if (roots.some((root) => !root || hasUnresolved(root))) return undefined;
  try {
    return resolveRun(project, fields.document);
  } catch {
    // A data set that the run names has a mistake, which is told where it stands.
    return undefined;
  }
}

async function filesOf({ data, model }: ResolvedRun, world: World): Promise<string[]> {
  const folder = model.tokenizer ?? model.base;
  const named = data.train.dataset.files[data.train.split] ?? [];
  const rows = await Promise.all(named.map((path) => world.dataFiles(path)));
  const ofTokenizer = ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'config.json'];
  return [
    ...rows.flatMap((each) => each ?? []),
    ...(data.chat_template_path === undefined ? [] : [data.chat_template_path]),
    ...(folder.startsWith('/') || /^[A-Za-z]:[\\/]/.test(folder)
      ? ofTokenizer.map((name) => `${folder}/${name}`)
      : []),
  ];
}
