import type { RunPlan } from '../protocol/plan.ts';
import { dataParams } from './data-params.ts';
import { follow } from './follow.ts';
import { runSize } from './hinting/run-size.ts';
import { summarise } from './hinting/run-summary.ts';
import type { LanguageHost } from './host.ts';
import { entryOf, rootMap } from './node.ts';
import { referencesIn } from './naming/walk-references.ts';
import type { Project } from './project.ts';
import type { TuneDocument, TuneFile } from './tree.ts';
import { Fields } from './validate/fields.ts';
import { isWhole } from './validate/missing.ts';
import { countRows, totalSteps } from './validate/steps.ts';
import { World } from './validate/world.ts';

/** Something that the config does not say and that follows from it, shown behind an offset. */
export interface Hint {
  offset: number;
  label: string;
  tooltip: string;
}

export interface HintRequest {
  project: Project;
  file: TuneFile;
  host: LanguageHost;
  /** What `tunebook plan` found out about a run; only while the run is still what was planned. */
  planOf?: (document: TuneDocument) => RunPlan | undefined;
  signal?: AbortSignal;
}

/**
 * What a run will be (steps, batch, tokens a step, parameters, memory, time) behind its name, and how many rows a split has where one
 * is named. Nothing is guessed: what the host does not know is not there. Rejects only with the signal's reason or what
 * the host throws.
 */
export async function findHints(request: HintRequest): Promise<Hint[]> {
  const { project, file, host, signal } = request;
  const world = new World(host, signal);
  const hints: Hint[] = [];
  for (const document of file.documents) {
    if (document.kind === 'run') hints.push(...(await runHints(request, document, world)));
    if (document.kind === 'dataset') hints.push(...(await splitHints(project, document, world)));
    hints.push(...(await referenceHints(project, document, world)));
    signal?.throwIfAborted();
  }
  return hints.sort((a, b) => a.offset - b.offset);
}

async function runHints(
  { project, host, planOf, signal }: HintRequest,
  document: TuneDocument,
  world: World,
): Promise<Hint[]> {
  if (!document.header || document.header.merged || !isWhole(project, document)) return [];
  const fields = new Fields(project, document);
  const figures = summarise({
    steps: totalSteps(fields, await countRows(project, fields, world)),
    rowsPerDevice: fields.number('train', 'per_device_train_batch_size'),
    accumulated: fields.number('train', 'gradient_accumulation_steps'),
    maxLength: fields.number('data', 'max_length'),
    size: await runSize(project, fields, host, world, signal),
    plan: planOf?.(document),
  });
  if (figures.length === 0) return [];
  return [
    {
      offset: document.header.end,
      label: figures.map(({ label }) => label).join(' · '),
      tooltip: figures.map(({ explanation }) => explanation).join('\n\n'),
    },
  ];
}

/** Rows of each split that a data set names. */
async function splitHints(project: Project, document: TuneDocument, world: World): Promise<Hint[]> {
  const files = entryOf(rootMap(document), 'files')?.value;
  if (files?.type !== 'map') return [];
  const hints = files.entries.map(async ({ name, value, merged }) => {
    const isHere = !merged && value.start >= files.start && value.end <= files.end;
    return isHere ? rowsHint(project, document, name, value.end, world) : undefined;
  });
  return (await Promise.all(hints)).filter((hint) => hint !== undefined);
}

/** Rows of each split that a document refers to. */
async function referenceHints(project: Project, document: TuneDocument, world: World): Promise<Hint[]> {
  const hints: Hint[] = [];
  for (const { node, text, kind } of referencesIn(document)) {
    if (kind !== 'split' || node.document.file !== document.file) continue;
    const followed = follow(project, document, kind, text);
    if (followed?.split === undefined || hints.some(({ offset }) => offset === node.end)) continue;
    const hint = await rowsHint(project, followed.document, followed.split, node.end, world);
    if (hint) hints.push(hint);
  }
  return hints;
}

async function rowsHint(
  project: Project,
  dataset: TuneDocument,
  split: string,
  offset: number,
  world: World,
): Promise<Hint | undefined> {
  const params = dataParams(project, dataset, split);
  const kinds = await Promise.all((params?.files ?? []).map((path) => world.kindOf(path)));
  if (!params || kinds.some((kind) => kind !== 'file')) return undefined;
  const facts = await world.dataFacts(params);
  if (!facts || facts.partial || facts.rows === 0) return undefined;
  const label = `${facts.rows.toLocaleString('en-US')} ${facts.rows === 1 ? 'row' : 'rows'}`;
  return { offset, label, tooltip: `The split \`${split}\` has ${label}.` };
}
