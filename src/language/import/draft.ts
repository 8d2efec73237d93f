import { parse } from '../parse.ts';
import { schemaAt, schemaOf } from '../schema/navigate.ts';
import { checkStructure } from '../validate/structure.ts';
import { writeValue } from '../write-value.ts';
import type { Setting } from './settings.ts';

/** What became of one setting. */
export interface ImportNote {
  /** How its own file calls it. */
  setting: string;
  /** Its value as that file has it, on one line. */
  value: string;
  line: number;
  column: number;
  /** The file that it stands in, where it is one that the imported file names. */
  file?: string;
  /**
   * `carried`: it stands in the new file, as `field`. `same`: Tunebook does so without a setting. `lost`: nothing here
   * corresponds to it.
   */
  outcome: 'carried' | 'same' | 'lost';
  /** The field that it became: `train.learning_rate`. */
  field?: string;
  /** Why it is left out, or carried under another value. One sentence. */
  why?: string;
}

type Section = { [name: string]: unknown };

/** Why a value that only a script knows is lost. */
export const COMPUTED = 'Only running the script tells its value.';

/** The documents that an import makes, and what became of each setting. */
export class Draft {
  readonly notes: ImportNote[] = [];
  readonly datasets: Section[] = [];
  /** What the reader of the new file has to know of it as a whole, one sentence each. */
  readonly remarks: string[] = [];
  /** Settings that decide what is learnt, and are lost. */
  readonly deciding: string[] = [];
  readonly run: Section;

  constructor(name: string) {
    this.run = { run: name };
  }

  /**
   * Puts a setting into the run where the language takes it there; else it is lost, for the reason that the language
   * itself gives. `value` is for one that is written differently here.
   * @returns whether it was carried
   */
  carry(field: string, setting: Setting, value: unknown = setting.value, why?: string): boolean {
    const refusal = value === undefined ? COMPUTED : refusalOf(field, value);
    if (refusal !== undefined) {
      this.lose(setting, refusal);
      return false;
    }
    this.set(field, value);
    this.carried(field, setting, why);
    return true;
  }

  /** Notes that a setting is in the documents, which were made otherwise. */
  carried(field: string, setting: Setting, why?: string): void {
    this.notes.push({ ...noteOf(setting), outcome: 'carried', field, ...(why === undefined ? {} : { why }) });
  }

  /** Writes a field that no setting stands for: a default of the other tool that is not ours. */
  set(field: string, value: unknown): void {
    const steps = field.split('.');
    const last = steps.pop()!;
    let section = this.run;
    for (const step of steps) {
      const inner = section[step];
      const next: Section = isSection(inner) ? inner : {};
      section[step] = next;
      section = next;
    }
    section[last] = value;
  }

  /** Tells of a field that is assumed, or of a difference that no single setting stands for. */
  remark(sentence: string): void {
    if (!this.remarks.includes(sentence)) this.remarks.push(sentence);
  }

  /** A setting that decides what is learnt, and that has no counterpart: what is made of the rest trains something else. */
  differ(setting: Setting, why: string): void {
    this.lose(setting, why);
    this.deciding.push(setting.path);
  }

  /** Takes a field out of the run again; the setting that it came from is lost. */
  remove(field: string, why: string): void {
    this.#takeOut(field, 'lost', why);
  }

  /** Takes a field out of the run that changes nothing there. */
  drop(field: string, why: string): void {
    this.#takeOut(field, 'same', why);
  }

  #takeOut(field: string, outcome: 'lost' | 'same', why: string): void {
    const steps = field.split('.');
    const last = steps.pop()!;
    const section = valueAt(this.run, steps);
    if (isSection(section)) Reflect.deleteProperty(section, last);
    for (const note of this.notes) {
      if (note.field !== field) continue;
      note.outcome = outcome;
      note.why = why;
      delete note.field;
    }
  }

  /** What the run has in a field. */
  get(field: string): unknown {
    return valueAt(this.run, field.split('.'));
  }

  /** Whether the run has a field. */
  has(field: string): boolean {
    return this.get(field) !== undefined;
  }

  /** Whether what became of a setting is said already. */
  isNoted({ path, origin }: Setting): boolean {
    return this.notes.some(
      ({ setting, line, column }) => setting === path && line === origin.line && column === origin.column,
    );
  }

  /** What became of each setting, once: of what stands in several fields the last is told. */
  uniqueNotes(): ImportNote[] {
    const keyOf = ({ setting, value, line, column, file }: ImportNote) =>
      JSON.stringify([setting, value, line, column, file]);
    return [...new Map(this.notes.map((note) => [keyOf(note), note])).values()];
  }

  same(setting: Setting, why: string): void {
    this.notes.push({ ...noteOf(setting), outcome: 'same', why });
  }

  lose(setting: Setting, why: string): void {
    this.notes.push({ ...noteOf(setting), outcome: 'lost', why });
  }
}

function valueAt(section: unknown, steps: readonly string[]): unknown {
  return steps.reduce((at, step) => (isSection(at) ? at[step] : undefined), section);
}

function noteOf(setting: Setting): Pick<ImportNote, 'setting' | 'value' | 'line' | 'column'> {
  return { setting: setting.path, value: setting.text, ...setting.origin };
}

/** Whether `run:` documents have a field. */
export function isRunField(field: string): boolean {
  return schemaAt(schemaOf('run'), field.split('.')) !== undefined;
}

/** Why a run cannot have a field with a value, in the language's own words; `undefined` where it can. */
export function refusalOf(field: string, value: unknown): string | undefined {
  if (!isRunField(field)) return `Tunebook has no \`${field}\`.`;
  const nested = field.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  // The language's own check decides, so that an import never writes what the editor would underline.
  const file = parse('import.tune.yaml', `run: imported\n${toFlow(nested)}\n`);
  const document = file.documents[0];
  if (!document) return file.syntax[0]?.message;
  const project = { files: new Map([[file.path, file]]), unreadable: new Map<string, never>() };
  const found = checkStructure(project, document).find(({ severity }) => severity === 'error');
  return found?.message;
}

function toFlow(value: unknown): string {
  return writeValue(value).replace(/^\{ | \}$/g, '');
}

export function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
