import { effective } from './effective.ts';
import { qualified } from './reference.ts';
import type { Project } from './project.ts';
import { filledDefault, resolveValue } from './resolve-value.ts';
import { childSchema, fieldsOf, isChoice, mapSchema, schemaOf, type FieldSchema } from './schema/navigate.ts';
import type { MapNode, Node, TuneDocument, TuneFile } from './tree.ts';
import { writeValue } from './write-value.ts';

/**
 * The documents of a file as the trainer takes them: with what they inherit, with defaults, and with absolute paths. What does not
 * stand in the document says where it comes from. A broken file is shown as far as it can be read.
 */
export function resolvedText(project: Project, file: TuneFile): string {
  const documents = file.documents.map((document) => {
    const root = document.kind ? effective(project, document) : undefined;
    if (!root || !document.kind)
      return [`# Document ${document.index + 1} has no kind: nothing is known of it.`];
    return new Writer(document).document(root, document.kind, schemaOf(document.kind));
  });
  return documents.length === 0 ? '' : `${documents.map((lines) => lines.join('\n')).join('\n---\n')}\n`;
}

/** Writes a document in block style, each field with its origin. */
class Writer {
  readonly #document: TuneDocument;

  constructor(document: TuneDocument) {
    this.#document = document;
  }

  document(root: MapNode, kind: string, schema: FieldSchema): string[] {
    const header = root.entries.find(({ name }) => name === kind);
    const entries = root.entries.filter((entry) => entry !== header);
    return [
      ...(header ? [`${kind}: ${scalarText(header.value, schema)}`] : []),
      ...this.#map({ ...root, entries }, schema, '', new Set([kind])),
    ];
  }

  /** The fields of a map, then the defaults of those that are unset. `written` are fields that stand already. */
  #map(
    node: MapNode | undefined,
    schema: FieldSchema,
    indent: string,
    written = new Set<string>(),
  ): string[] {
    const lines: string[] = [];
    for (const { name, value } of node?.entries ?? []) {
      if (value.type === 'scalar' && value.value === null) continue;
      written.add(name);
      lines.push(...this.#field(name, value, childSchema(schema, name) ?? {}, indent));
    }
    // Of a choice none is added.
    if (isChoice(schema) && node) return lines;
    for (const [name, field] of Object.entries(fieldsOf(schema))) {
      if (!written.has(name)) lines.push(...this.#default(name, field, indent));
    }
    return lines;
  }

  #field(name: string, value: Node, schema: FieldSchema, indent: string): string[] {
    const key = `${indent}${writeValue(name)}:`;
    if (value.type === 'map') {
      const fields = this.#map(value, mapSchema(schema) ?? {}, `${indent}  `);
      return fields.length === 0 ? [`${key} {}${this.#origin(value)}`] : [key, ...fields];
    }
    return [`${key} ${scalarText(value, schema)}${this.#origin(value)}`];
  }

  #default(name: string, field: FieldSchema, indent: string): string[] {
    if (field.default === undefined || field.default === null) return [];
    const map = mapSchema(field);
    const isEmpty = typeof field.default === 'object' && Object.keys(field.default).length === 0;
    if (map && isEmpty) {
      const fields = this.#map(undefined, map, `${indent}  `);
      return fields.length === 0 ? [] : [`${indent}${name}:`, ...fields];
    }
    return [`${indent}${name}: ${writeValue(filledDefault(field))} # default`];
  }

  #origin(node: Node): string {
    if (node.document === this.#document) return '';
    const { file } = this.#document;
    const from = node.document.file === file ? (node.document.name ?? '') : qualified(file, node.document);
    return ` # from ${from}`;
  }
}

function scalarText(node: Node, schema: FieldSchema): string {
  return writeValue(resolveValue(node, schema));
}
