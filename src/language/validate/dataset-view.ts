import type { DataFacts, InspectDataParams } from '../../protocol/inspect.ts';
import { holdOutOf, sampleBy, splitOfFiles } from '../data-params.ts';
import { effective } from '../effective.ts';
import { cutOf, type HoldOut } from '../held-out.ts';
import { stringsOf, valueAt } from '../node.ts';
import { dirname, resolvePath } from '../path.ts';
import type { Project } from '../project.ts';
import { recogniseFormat } from '../recognise-format.ts';
import { namedColumns } from '../resolve-dataset.ts';
import { readRoles, type Format } from '../schema/formats.ts';
import type { ScalarNode, TuneDocument } from '../tree.ts';
import { guessColumn } from './guess-column.ts';
import { Fields } from './fields.ts';
import type { World } from './world.ts';

/** A data file as a config names it. */
export interface DataFile {
  node: ScalarNode;
  /** Absolute; `undefined` for one that is not on this machine (`hf:`). */
  path: string | undefined;
}

/** How the rows of a split are to be read, where that is not what the document says. */
interface Reading {
  labels?: string[];
  columns?: Record<string, string>;
  format?: string;
}

/** A data set as far as its document can be read, and what its files hold. */
export class DatasetView {
  readonly fields: Fields;
  readonly #root: ReturnType<typeof effective>;
  #recognised: Format | undefined;

  constructor(project: Project, document: TuneDocument) {
    this.fields = new Fields(project, document);
    this.#root = effective(project, document);
  }

  /** The splits that are written, without the one that `train_test_split` makes of `train`. */
  get splits(): string[] {
    const files = valueAt(this.#root, 'files');
    return files?.type === 'map' ? [...new Set(files.entries.map(({ name }) => name))] : [];
  }

  /** The files that hold the rows of a split. */
  files(split: string): DataFile[] {
    return stringsOf(valueAt(this.#root, 'files', splitOfFiles(this.#root, split))).map(
      ({ node, value }) => ({
        node,
        path: value.startsWith('hf:') ? undefined : resolvePath(dirname(node.document.file.path), value),
      }),
    );
  }

  /**
   * Finds out the format by the columns, where the document does not say it.
   * @returns the formats that it could be of; `undefined` where it is said, or nothing is known of the data
   */
  async recognise(world: World, task?: string, problem?: string): Promise<Format[] | undefined> {
    if (this.format !== undefined || this.fields.entry('format')) return undefined;
    const named = Object.fromEntries(this.#root ? namedColumns(this.#root) : []);
    for (const split of this.splits) {
      const facts = await this.facts(world, split, { columns: {}, format: '' });
      if (!facts || facts.columns.length === 0) continue;
      const formats = recogniseFormat(facts.columns, named, task, problem);
      if (formats.length === 1) this.#recognised = formats[0];
      return formats;
    }
    return undefined;
  }

  /** The format as it is said, or as {@link recognise} found it. */
  get format(): string | undefined {
    return this.fields.string('format') ?? this.#recognised;
  }

  /** The column of each role that the format needs; `undefined` where one is not known. */
  get columns(): Record<string, string> | undefined {
    const { format } = this;
    const all = format === undefined ? [] : readRoles(format);
    const isLeftOut = (role: string) => (role === 'labels' ? this.labelColumns : role === 'text_pair');
    const roles = all.filter((role) => !isLeftOut(role) || this.fields.string('columns', role) !== undefined);
    const named = roles.map((role) => [role, this.fields.string('columns', role)] as const);
    const known = named.filter((entry): entry is [string, string] => entry[1] !== undefined);
    return roles.length === 0 || known.length < roles.length ? undefined : Object.fromEntries(known);
  }

  /** The columns of 0 and 1 that the document names, one a label. */
  get labelColumns(): string[] | undefined {
    const isList = this.fields.node('columns', 'labels')?.type === 'seq';
    return isList ? this.fields.strings('columns', 'labels') : undefined;
  }

  /** The rows of `train` that are held out. */
  get holdOut(): HoldOut | undefined {
    return this.fields.value('train_test_split') === undefined ? undefined : holdOutOf(this.#root);
  }

  /** The labels that the document lists. */
  get labels(): string[] | undefined {
    return this.fields.strings('labels');
  }

  /** Facts about a split, where all of its files are there; `undefined` where they are not known. */
  async facts(world: World, split: string, instead: Reading = {}): Promise<DataFacts | undefined> {
    const params = await this.params(world, split, instead);
    return params && (await world.dataFacts(params));
  }

  /** What to ask the trainer about a split; `undefined` where one of its files is not there, or not known. */
  async params(
    world: World,
    split: string,
    { labels = this.labels, columns = this.columns, format = this.format }: Reading = {},
  ): Promise<InspectDataParams | undefined> {
    const paths = this.files(split).flatMap(({ path }) => path ?? []);
    if (!columns || format === undefined || paths.length === 0) return undefined;
    if (paths.length < this.files(split).length) return undefined;
    const files = await Promise.all(paths.map((path) => world.dataFiles(path)));
    if (files.some((each) => each === undefined)) return undefined;
    const { labelColumns } = this;
    const separator = this.fields.string('label_separator');
    const cut = cutOf(this.holdOut, split);
    return {
      files: files.flatMap((each) => each ?? []),
      columns,
      format,
      ...(labelColumns && { label_columns: labelColumns }),
      ...(separator !== undefined && separator !== ',' && { label_separator: separator }),
      ...(labels && { labels }),
      ...sampleBy(this.fields.string('sample_by')),
      ...(cut && { cut }),
    };
  }

  /**
   * How often each label stands in a split. Where the column is not there, the one that is meant is counted, so that
   * one mistake does not hide another. `undefined` where it is not known.
   */
  async labelCounts(
    world: World,
    split: string,
  ): Promise<{ counts: Map<string, number>; isPartial: boolean } | undefined> {
    const { columns = {} } = this;
    const facts = await this.facts(world, split);
    const role = ['label', 'labels'].find((each) => columns[each] !== undefined);
    if (!facts) return undefined;
    const counted = role === undefined ? facts : await this.#countedFacts(world, split, facts, role, columns);
    if (!counted?.labels) return undefined;
    return { counts: new Map(Object.entries(counted.labels)), isPartial: counted.partial !== undefined };
  }

  /** Facts with the column that is meant for a role, where the one that is named is not there. */
  async #countedFacts(
    world: World,
    split: string,
    facts: DataFacts,
    role: string,
    columns: Readonly<Record<string, string>>,
  ): Promise<DataFacts | undefined> {
    if (facts.columns.includes(columns[role] ?? role)) return facts;
    const meant = guessColumn(role, columns, facts.columns);
    return meant === undefined
      ? undefined
      : await this.facts(world, split, { columns: { ...columns, [role]: meant } });
  }
}
