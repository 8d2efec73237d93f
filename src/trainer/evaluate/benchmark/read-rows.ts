import type { DataReference } from '../../../language/resolved.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { emptyData, filesOf, nameOf } from '../../data/columns.ts';
import { makePauses } from '../../data/pause.ts';
import { list } from '../../data/problem.ts';
import type { SourceRow } from '../../data/read.ts';
import { readSplit } from '../../data/read-split.ts';
import { drawExamples } from '../written/few-shot.ts';
import type { Item, Items } from '../written/items.ts';
import { fewshotSplit, type Benchmark } from './read-benchmark.ts';
import { TaskTemplate } from './task-template.ts';

/** A row's question, what can be chosen, and what is right, before examples are put in front. */
interface Asked {
  readonly row: SourceRow;
  readonly text: string;
  readonly choices?: readonly string[];
  /** Places of the right choices. */
  readonly gold?: readonly number[];
  /** The right answer in words. */
  readonly answer: string;
}

/** Where lm-evaluation-harness takes them at random, anew for every row, they are drawn once here, by this seed. */
const SEED = 42;

/**
 * The rows of a split as a benchmark asks about them, as lm-evaluation-harness's ConfigurableTask does.
 * @throws TunebookError `evaluate/bad-benchmark`, `evaluate/missing-slot`, `evaluate/no-reference` for a row whose answer is none of its
 *   choices, `data/…`, `file/…`; the signal's reason when aborted
 */
export async function readBenchmarkRows(
  benchmark: Benchmark,
  reference: DataReference,
  signal: AbortSignal,
): Promise<Items> {
  const asker = new Asker(benchmark);
  const rows = await readAll(reference, asker, signal);
  const examples = await readExamples(benchmark, reference, asker, signal);
  const { target_delimiter, fewshot_delimiter } = benchmark;
  const shots = examples
    .map(({ text, answer }) => text + target_delimiter + answer + fewshot_delimiter)
    .join('');
  const isChoice = benchmark.output_type === 'multiple_choice';
  return {
    data: nameOf(reference),
    kind: isChoice ? 'choice' : 'text',
    list: rows.map(({ row, text, choices, gold, answer }): Item => {
      return {
        row,
        input: text,
        reference: answer,
        prompt: { text: asker.description(row) + shots + text },
        ...(choices && gold ? { choices, gold, delimiter: target_delimiter } : {}),
      };
    }),
  };
}

async function readAll(reference: DataReference, asker: Asker, signal: AbortSignal): Promise<Asked[]> {
  const files = filesOf(reference);
  const read: Asked[] = [];
  let header: readonly string[] | undefined;
  const onColumns = (_: string, columns: string[]) => (header = columns);
  const pause = makePauses({ signal });
  for await (const row of readSplit(reference, { onColumns, signal })) {
    read.push(asker.ask(row));
    await pause(read.length);
  }
  if (read.length === 0) throw emptyData(reference, files, header);
  return read;
}

async function readExamples(
  benchmark: Benchmark,
  { dataset, split }: DataReference,
  asker: Asker,
  signal: AbortSignal,
): Promise<readonly Asked[]> {
  const { num_fewshot: count = 0, fewshot_config, file } = benchmark;
  const from = fewshotSplit(benchmark);
  if (count === 0 || from === undefined) return [];
  if (from === split || !Object.hasOwn(dataset.files, from))
    throw new TunebookError(
      'evaluate/bad-benchmark',
      from === split
        ? `The benchmark takes its examples from the split "${from}", which is the one that is evaluated on.`
        : `The benchmark takes its examples from the split "${from}", and the data set ${dataset.name} has ${list(Object.keys(dataset.files), 12)}.`,
      {
        hint: 'Correct `fewshot_split`, or give the data set such a split.',
        location: { file },
      },
    );
  const rows = await readAll({ dataset, split: from }, asker, signal);
  return fewshot_config?.sampler === 'first_n' ? rows.slice(0, count) : drawExamples(rows, count, SEED);
}

/** Fills the templates of a benchmark. */
class Asker {
  readonly #benchmark: Benchmark;
  readonly #text: TaskTemplate;
  readonly #description: TaskTemplate | undefined;
  readonly #target: TaskTemplate | undefined;
  readonly #choices: TaskTemplate | undefined;

  constructor(benchmark: Benchmark) {
    const { file, doc_to_text, doc_to_choice, doc_to_target, description } = benchmark;
    const template = (field: string, source: unknown) =>
      typeof source === 'string' ? new TaskTemplate(source, { field, file }) : undefined;
    this.#benchmark = benchmark;
    this.#text = new TaskTemplate(doc_to_text, { field: 'doc_to_text', file });
    this.#description = template('description', description);
    this.#target = template('doc_to_target', doc_to_target);
    this.#choices = template('doc_to_choice', doc_to_choice);
  }

  description(row: SourceRow): string {
    return this.#description?.text(row) ?? '';
  }

  ask(row: SourceRow): Asked {
    const text = this.#text.text(row);
    const { doc_to_choice, doc_to_target } = this.#benchmark;
    const target = this.#target ? this.#target.value(row) : doc_to_target;
    if (doc_to_choice === undefined) {
      const [first] = asList(target);
      return { row, text, answer: String(first) };
    }
    if (/^\d+$/.test(text))
      throw this.#problem(
        row,
        'has a number as its text, which stands for a choice of inputs. That is not carried out here',
        'Write `doc_to_text` as the text that all choices follow.',
      );
    const choices = this.#choicesOf(row);
    const gold = asList(target).map((each) => indexOf(each, choices));
    const [first] = gold;
    if (first === undefined || gold.some((index) => choices[index] === undefined))
      throw this.#problem(
        row,
        `has the answer ${JSON.stringify(target)}, which is none of its choices (${list([...choices], 8)})`,
        'Correct `doc_to_target`, or the row.',
      );
    return { row, text, choices, gold, answer: choices[first]! };
  }

  #choicesOf(row: SourceRow): readonly string[] {
    const { doc_to_choice = [] } = this.#benchmark;
    const written = this.#choices ? this.#choices.value(row) : Object.values(doc_to_choice);
    // A list that a template writes as text, quotes and all.
    const read: unknown = typeof written === 'string' ? parseList(written) : written;
    const choices = Array.isArray(read) ? asList(read) : [];
    if (choices.length === 0 || !choices.every((each) => typeof each === 'string' && each !== ''))
      throw this.#problem(
        row,
        `makes ${JSON.stringify(written)} of \`doc_to_choice\`, which is no list of texts`,
        'Let it be one expression that gives a list: "{{ [a, b] }}" or "{{ choices.text }}".',
      );
    return choices.map(String);
  }

  #problem({ file, line }: SourceRow, what: string, hint: string): TunebookError {
    return new TunebookError('evaluate/no-reference', `Line ${line} of ${file} ${what}.`, {
      hint,
      location: { file, line },
    });
  }
}

/** The place of an answer: a number, digits, or the choice itself; -1 for none. */
function indexOf(target: unknown, choices: readonly string[]): number {
  if (typeof target === 'number') return target;
  if (typeof target !== 'string') return -1;
  return /^\d+$/.test(target) ? Number(target) : choices.indexOf(target);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
