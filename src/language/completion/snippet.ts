import {
  alternatives,
  childSchema,
  fieldsOf,
  choicesOf,
  mapSchema,
  namedValues,
  type FieldSchema,
} from '../schema/navigate.ts';
import { writeValue } from '../write-value.ts';

/** How a snippet is laid out. */
export interface Layout {
  /** Column of the field that the snippet begins with. */
  column: number;
  /** Inside brackets, so on one line. */
  flow: boolean;
  /** The line break of the file. */
  newline: string;
}

const INDENT = 2;

/** Writes snippets: fields with the values that they need and stops for what the person fills in. */
export class SnippetWriter {
  readonly #layout: Layout;
  #stops = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** `name:` and what belongs behind it. */
  field(name: string, schema: FieldSchema): string {
    return this.#field(name, schema, this.#layout.column);
  }

  /** The kind word with a name, and the fields that a document of the kind must have. */
  document(kind: string, schema: FieldSchema): string {
    const header = `${kind}: ${this.#stop('name')}`;
    const required = [...(schema.required ?? []), ...choicesOf(schema).slice(0, 1)].filter(
      (name) => name !== kind,
    );
    return [header, ...required.map((name) => this.#requiredField(schema, name, this.#layout.column))].join(
      this.#break(this.#layout.column),
    );
  }

  /** The kind word with a name. */
  header(kind: string): string {
    return `${kind}: ${this.#stop('name')}`;
  }

  #field(name: string, schema: FieldSchema, column: number): string {
    const map = alternatives(schema)[0]?.type === 'object' ? mapSchema(schema) : undefined;
    if (map) return `${name}:${this.#map(map, column + INDENT)}`;
    const items = alternatives(schema)[0]?.items;
    if (items && mapSchema(items)) return `${name}:${this.#listOfMaps(items, column + INDENT)}`;
    return `${name}: ${this.#value(schema)}`;
  }

  #requiredField(schema: FieldSchema, name: string, column: number): string {
    const child = childSchema(schema, name);
    return child ? this.#field(name, child, column) : `${name}: ${this.#stop()}`;
  }

  #map(schema: FieldSchema, column: number): string {
    const named = namedValues(schema);
    if (!named && Object.keys(fieldsOf(schema)).length === 0) return ' {}';
    const fields = named
      ? [this.#named(named, column)]
      : (schema.required ?? []).map((name) => this.#requiredField(schema, name, column));
    if (fields.length === 0 || choicesOf(schema).length > 0) fields.splice(0, fields.length, this.#stop());
    if (this.#layout.flow) return ` { ${fields.join(', ')} }`;
    return this.#break(column) + fields.join(this.#break(column));
  }

  /** One item with the fields that it must have. */
  #listOfMaps(items: FieldSchema, column: number): string {
    const fields = (items.required ?? []).map((name) => this.#requiredField(items, name, column + INDENT));
    if (this.#layout.flow) return ` [{ ${fields.join(', ')} }]`;
    return `${this.#break(column)}- ${fields.join(this.#break(column + INDENT))}`;
  }

  #named(schema: FieldSchema, column: number): string {
    const name = this.#stop(schema['x-usual-name'] ?? 'name');
    return this.#field(name, schema, column);
  }

  #value(schema: FieldSchema): string {
    const [first = schema] = alternatives(schema);
    if (first.enum) return this.#choice(first.enum, schema.default);
    if (first.type === 'boolean') return this.#choice([true, false], schema.default);
    const usual = schema.default ?? (first.type === 'array' ? undefined : schema.examples?.[0]);
    if (first.type === 'array') {
      const items = Array.isArray(usual) ? usual.map(writeValue).join(', ') : '';
      return `[${this.#stop(items)}]`;
    }
    return this.#stop(usual === undefined || usual === null || first['x-reference'] ? '' : writeValue(usual));
  }

  /** The default stands last: who writes a field wants another value. */
  #choice(values: readonly unknown[], usual: unknown): string {
    const [only] = values;
    if (values.length === 1) return escape(writeValue(only));
    const ordered = [
      ...values.filter((value) => value !== usual),
      ...values.filter((value) => value === usual),
    ];
    const texts = ordered.map((value) => writeValue(value).replace(/[\\,|$}]/g, '\\$&'));
    return `\${${++this.#stops}|${texts.join(',')}|}`;
  }

  #stop(text = ''): string {
    return text === '' ? `$${++this.#stops}` : `\${${++this.#stops}:${escape(text)}}`;
  }

  #break(column: number): string {
    return this.#layout.newline + ' '.repeat(column);
  }
}

/** A text that a snippet leaves as it is. */
function escape(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** What a snippet becomes where the editor knows none: its texts and first choices. */
export function plainText(snippet: string): string {
  return snippet
    .replace(/(?<!\\)\$\{\d+\|((?:\\.|[^\\,|])*)(?:\\.|[^\\|])*\|\}/g, '$1')
    .replace(/(?<!\\)\$\{\d+:((?:\\.|[^\\}])*)\}/g, '$1')
    .replace(/(?<!\\)\$\d+/g, '')
    .replace(/\\([\\$},|])/g, '$1');
}
