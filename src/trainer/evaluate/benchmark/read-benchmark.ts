import { readFileSync } from 'node:fs';
import Type from 'typebox';
import Value from 'typebox/value';
import { isAlias, LineCounter, parseDocument, type Document } from 'yaml';
import { TunebookError, type Location } from '../../../protocol/error.ts';
import { list } from '../../data/problem.ts';

const Template = Type.Union([Type.String(), Type.Integer(), Type.Array(Type.Unknown())]);

/** The fields of lm-evaluation-harness's TaskConfig that decide what is asked and how it is counted. */
const FIELDS = {
  task: Type.Optional(Type.String()),
  output_type: Type.Optional(Type.Enum(['multiple_choice', 'generate_until'])),
  doc_to_text: Type.String(),
  doc_to_choice: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.String()), Type.Record(Type.String(), Type.String())]),
  ),
  doc_to_target: Template,
  description: Type.Optional(Type.String()),
  target_delimiter: Type.Optional(Type.String()),
  fewshot_delimiter: Type.Optional(Type.String()),
  num_fewshot: Type.Optional(Type.Integer({ minimum: 0 })),
  fewshot_split: Type.Optional(Type.String()),
  fewshot_config: Type.Optional(
    Type.Object(
      {
        sampler: Type.Optional(Type.Enum(['default', 'first_n'])),
        split: Type.Optional(Type.String()),
      },
      { additionalProperties: false },
    ),
  ),
  generation_kwargs: Type.Optional(
    Type.Object(
      {
        until: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
        max_gen_toks: Type.Optional(Type.Integer({ minimum: 1 })),
        do_sample: Type.Optional(Type.Boolean()),
        temperature: Type.Optional(Type.Number({ minimum: 0 })),
        top_p: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
        top_k: Type.Optional(Type.Integer({ minimum: 0 })),
      },
      { additionalProperties: false },
    ),
  ),
  metric_list: Type.Optional(
    Type.Array(
      Type.Object({
        metric: Type.String(),
        ignore_case: Type.Optional(Type.Boolean()),
        ignore_punctuation: Type.Optional(Type.Boolean()),
        ignore_numbers: Type.Optional(Type.Boolean()),
        regexes_to_ignore: Type.Optional(Type.Array(Type.String())),
      }),
      { minItems: 1 },
    ),
  ),
  repeats: Type.Optional(Type.Literal(1)),
};
const TaskSchema = Type.Object(FIELDS);
type Task = Type.Static<typeof TaskSchema>;

/** Fields that say where the harness takes its rows from and how it lists the task: `data:` says the one here, and nothing the other. */
const UNUSED = [
  'task_alias',
  'tag',
  'group',
  'dataset_path',
  'dataset_name',
  'dataset_kwargs',
  'training_split',
  'validation_split',
  'test_split',
  'should_decontaminate',
  'doc_to_decontamination_query',
  'metadata',
  'version',
];

/** A benchmark as its file describes it, with lm-evaluation-harness's defaults (0.4.13) filled in. */
export type Benchmark = Task & {
  readonly file: string;
  readonly output_type: 'multiple_choice' | 'generate_until';
  readonly target_delimiter: string;
  readonly fewshot_delimiter: string;
};

/**
 * Reads a task of lm-evaluation-harness. Fields that would change the numbers and are not carried out here are errors, not ignored.
 * @throws TunebookError `evaluate/bad-benchmark`, with the line where it can be told
 */
export function readBenchmark(file: string): Benchmark {
  const lines = new LineCounter();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw bad(`The benchmark ${file} cannot be read.`, 'Correct `benchmark`.', { file }, cause);
  }
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    const isFunction = text.slice(broken.pos[0]).startsWith('!function');
    const [what] = broken.message.split(' at line');
    throw bad(
      isFunction
        ? 'The benchmark calls a Python function, which is not run here.'
        : `The benchmark is no YAML: ${what}.`,
      isFunction ? 'Write it as a Jinja template.' : 'Correct it.',
      { file, line, column: col },
    );
  }
  const value: unknown = document.toJS();
  const at = (path: readonly string[]) => placeOf(document, lines, file, path);
  for (const name of Object.keys(typeof value === 'object' && value !== null ? value : {})) {
    if (Object.hasOwn(FIELDS, name) || UNUSED.includes(name)) continue;
    throw bad(
      `The benchmark has the field \`${name}\`, which is not carried out here.`,
      `Leave it out. Known are ${list(Object.keys(FIELDS), 30)}.`,
      at([name]),
    );
  }
  if (!Value.Check(TaskSchema, value)) {
    const [first] = Value.Errors(TaskSchema, value);
    const path = (first?.instancePath ?? '').split('/').slice(1);
    const where = path.length === 0 ? 'The benchmark' : `\`${path.join('.')}\` of the benchmark`;
    throw bad(`${where} ${first?.message ?? 'is not a map of fields'}.`, 'Correct it.', at(path));
  }
  return complete(value, file, at);
}

function complete(task: Task, file: string, at: (path: readonly string[]) => Location): Benchmark {
  const { output_type = 'generate_until', num_fewshot = 0 } = task;
  if (output_type === 'multiple_choice' && task.doc_to_choice === undefined)
    throw bad(
      'The benchmark is multiple choice and says no choices.',
      'Add `doc_to_choice`.',
      at(['output_type']),
    );
  if (num_fewshot > 0 && fewshotSplit(task) === undefined)
    throw bad(
      'The benchmark wants examples and does not say of which split.',
      'Add `fewshot_split`.',
      at(['num_fewshot']),
    );
  const { target_delimiter = ' ', fewshot_delimiter = '\n\n' } = task;
  return { ...task, file, output_type, target_delimiter, fewshot_delimiter };
}

/** The split that examples are taken from. */
export function fewshotSplit({
  fewshot_config,
  fewshot_split,
}: Pick<Task, 'fewshot_config' | 'fewshot_split'>): string | undefined {
  return fewshot_config?.split ?? fewshot_split;
}

function placeOf(document: Document, lines: LineCounter, file: string, path: readonly string[]): Location {
  const node: unknown = document.getIn(path, true);
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  const start: unknown = Array.isArray(range) && !isAlias(node) ? range[0] : undefined;
  if (typeof start !== 'number') return { file };
  const { line, col } = lines.linePos(start);
  return { file, line, column: col };
}

function bad(message: string, hint: string, location: Location, cause?: unknown): TunebookError {
  return new TunebookError('evaluate/bad-benchmark', message, { hint, location, cause });
}
