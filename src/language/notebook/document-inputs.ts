import type { DocumentInputs } from '../../protocol/notebook.ts';
import { isAbsolutePath, dirname, relativePath } from '../path.ts';
import type { Project } from '../project.ts';
import { usesOfPrompt } from '../prompt-use.ts';
import {
  findDocument,
  resolveDataset,
  resolveEvaluate,
  resolveExport,
  resolveObjective,
  resolvePrompt,
  resolveRun,
  resolveSweep,
} from '../resolve.ts';
import type { DataReference, ResolvedCandidate, ResolvedRun } from '../resolved.ts';
import type { Kind } from '../schema/kinds.ts';
import type { TuneDocument } from '../tree.ts';
import { withoutDefaults } from './without-defaults.ts';

type Parts = Partial<Omit<DocumentInputs, 'kind' | 'name' | 'config'>>;

/**
 * All that the result of a document depends on; `undefined` for one without a kind.
 * @throws Error when the document is not valid
 */
export function documentInputs(project: Project, document: TuneDocument): DocumentInputs | undefined {
  const { kind, name = '', file } = document;
  if (kind === undefined) return undefined;
  const { config, ...parts } = inputsOf(project, document, kind);
  return {
    kind,
    name,
    config: withoutPlace(config, dirname(file.path)),
    files: [],
    folders: [],
    runs: [],
    evaluations: [],
    ...parts,
  };
}

function inputsOf(project: Project, document: TuneDocument, kind: Kind): Parts & { config: unknown } {
  switch (kind) {
    case 'dataset': {
      const config = resolveDataset(project, document);
      return { config, files: Object.values(config.files).flat() };
    }
    case 'run': {
      const config = resolveRun(project, document);
      return { config: withoutDefaults(config), ...runInputs(config) };
    }
    case 'sweep': {
      const { run, ...config } = resolveSweep(project, document);
      const repeated = resolveRun(project, findDocument(project, run.file, 'run', run.name));
      return { config: { ...config, run: withoutDefaults(repeated) }, ...runInputs(repeated) };
    }
    case 'evaluate': {
      const config = resolveEvaluate(project, document);
      const candidates = Object.values(config.candidates);
      const shots = candidates.flatMap(({ prompt }) => splitFiles(prompt?.examples?.data));
      return {
        config,
        files: [...splitFiles(config.data), ...shots],
        ...modelInputs(candidates.flatMap(modelOf)),
        device: 'auto',
      };
    }
    case 'prompt': {
      const prompt = resolvePrompt(project, document);
      const { data, candidates } = usesOfPrompt(project, prompt);
      const models = Object.fromEntries(
        Object.entries(candidates).map(([each, candidate]) => [each, modelOf(candidate)]),
      );
      return {
        config: { prompt, data, models },
        files: [...splitFiles(data), ...splitFiles(prompt.examples?.data)],
        ...modelInputs(Object.values(models).flat()),
      };
    }
    case 'objective': {
      const config = resolveObjective(project, document);
      return { config, evaluations: [config.evaluate.name] };
    }
    case 'export': {
      const config = resolveExport(project, document);
      return { config, ...modelInputs([config.model]) };
    }
  }
}

function runInputs({ model, data, target }: ResolvedRun): Parts {
  const { base, tokenizer } = model;
  const models = modelInputs(tokenizer === undefined ? [base] : [base, tokenizer]);
  const files = [...splitFiles(data.train), ...splitFiles(data.eval)];
  return { files, ...models, device: target.local.device };
}

/** The model of a candidate as a reference; none for an endpoint. */
function modelOf(candidate: ResolvedCandidate): string[] {
  if ('run' in candidate) return [`run:${candidate.run}`];
  return 'model' in candidate ? [candidate.model] : [];
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
