import type { DocumentInputs } from '../../protocol/notebook.ts';
import { isAbsolutePath, dirname, relativePath } from '../path.ts';
import type { Project } from '../project.ts';
import { resolveDataset, resolveEvaluate, resolveRun } from '../resolve.ts';
import type { DataReference, ResolvedDataset } from '../resolved.ts';
import type { TuneDocument } from '../tree.ts';

/**
 * All that the result of a document depends on; `undefined` for a kind that gives no result.
 * @throws Error when the document is not valid
 */
export function documentInputs(project: Project, document: TuneDocument): DocumentInputs | undefined {
  const { kind, name = '', file } = document;
  const make = (config: object, parts: Partial<DocumentInputs>): DocumentInputs => ({
    kind: kind ?? '',
    name,
    config: withoutPlace(config, dirname(file.path)),
    files: [],
    folders: [],
    runs: [],
    ...parts,
  });
  if (kind === 'dataset') {
    const dataset = resolveDataset(project, document);
    return make(dataset, { files: allFiles(dataset) });
  }
  if (kind === 'run') {
    const run = resolveRun(project, document);
    const { base, tokenizer } = run.model;
    const models = modelInputs(tokenizer === undefined ? [base] : [base, tokenizer]);
    return make(run, { files: [...splitFiles(run.data.train), ...splitFiles(run.data.eval)], ...models });
  }
  if (kind !== 'evaluate') return undefined;
  const evaluation = resolveEvaluate(project, document);
  const candidates = Object.values(evaluation.candidates);
  const models = candidates.flatMap((each) =>
    'run' in each ? [`run:${each.run}`] : 'model' in each ? [each.model] : [],
  );
  const shots = candidates.flatMap(({ prompt }) => splitFiles(prompt?.examples?.data));
  return make(evaluation, { files: [...splitFiles(evaluation.data), ...shots], ...modelInputs(models) });
}

function allFiles({ files }: ResolvedDataset): string[] {
  return Object.values(files).flat();
}

function splitFiles(reference: DataReference | undefined): string[] {
  return reference?.dataset.files[reference.split] ?? [];
}

/** Names of models, as folders and as runs whose newest one is meant; a run with its id never changes. */
function modelInputs(references: readonly string[]): Pick<DocumentInputs, 'folders' | 'runs'> {
  const runs = references.flatMap((each) => /^run:([^@]+)$/.exec(each)?.[1] ?? []);
  return { folders: references.filter(isAbsolutePath), runs };
}

/** The same value with paths as they are seen from a folder, and without the name of the file that says so. */
function withoutPlace(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return isAbsolutePath(value) ? relativePath(folder, value) : value;
  if (Array.isArray(value)) return value.map((each) => withoutPlace(each, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      key === 'file' ? [] : [[key, withoutPlace(each, folder)] as const],
    ),
  );
}
