import { describeType } from '../help/describe-type.ts';
import { KINDS, type Kind } from '../schema/kinds.ts';
import {
  alternatives,
  fieldsOf,
  mapSchema,
  namedValues,
  schemaOf,
  type FieldSchema,
} from '../schema/navigate.ts';
import { writeValue } from '../write-value.ts';

/** docs/reference.md: every field of the language, from the schemas. */
export function makeReferencePage(): string {
  const sections = KINDS.flatMap((kind) => documentSections(kind));
  return `${[
    '# Fields of a run config',
    '<!-- Made from src/language/schema by `npm run generate`. Do not edit. -->',
    [
      'A `*.tune.yaml` file is a stream of YAML documents, separated by lines of `---`. One word says what a document is,',
      `and its value is the document's name: ${KINDS.map((kind) => `[\`${kind}:\`](#${kind})`).join(', ')}.`,
    ].join('\n'),
    'Names and defaults are those of Hugging Face wherever a field has a counterpart there. Paths are relative to the config.',
    ...sections,
  ].join('\n\n')}\n`;
}

function documentSections(kind: Kind): string[] {
  const schema = schemaOf(kind);
  return [`## ${kind}`, schema.description ?? '', ...mapSections(schema, kind)];
}

/** A table of the fields of a map, and behind it a section for each that is a map itself. */
function mapSections(schema: FieldSchema, path: string): string[] {
  const required = schema.required ?? [];
  const fields = Object.entries(fieldsOf(schema));
  const rows = fields.map(([name, field]) => {
    const section = sectionOf(field);
    const link = section ? `[\`${name}\`](#${anchor(`${path}.${name}`)})` : `\`${name}\``;
    const isRequired = required.includes(name) && field.default === undefined;
    return row([link, takes(field), defaultOf(field, isRequired), describe(field)]);
  });
  const table = [
    row(['field', 'takes', 'default', 'what it does']),
    row(['---', '---', '---', '---']),
    ...rows,
  ];
  const nested = fields.flatMap(([name, field]) => {
    const section = sectionOf(field);
    return section
      ? [`### ${path}.${name}`, field.description ?? '', ...mapSections(section, `${path}.${name}`)]
      : [];
  });
  return [...(rows.length > 0 ? [table.join('\n')] : []), ...nested];
}

/** The map that a field holds, or that each of its named values holds. */
function sectionOf(field: FieldSchema): FieldSchema | undefined {
  const map = mapSchema(field);
  const named = namedValues(field);
  const section = named ? mapSchema(named) : map;
  return section && Object.keys(fieldsOf(section)).length > 0 ? section : undefined;
}

function takes(field: FieldSchema): string {
  const named = namedValues(field);
  const type = describeType(field);
  return named && !mapSchema(named) ? `${type}: ${describeType(named)}` : type;
}

function defaultOf({ default: value }: FieldSchema, isRequired: boolean): string {
  if (isRequired) return '**required**';
  return value === undefined || value === null ? '' : `\`${writeValue(value)}\``;
}

/** The description, the meaning of each value, and the name elsewhere. */
function describe(field: FieldSchema): string {
  const values = alternatives(field)
    .flatMap((each) => [each, ...(each.items ? alternatives(each.items) : [])])
    .flatMap((each) =>
      (each.enum ?? []).flatMap((value, index) => {
        const sentence = each.enumDescriptions?.[index];
        return sentence === undefined ? [] : [`\`${writeValue(value)}\`: ${sentence}`];
      }),
    );
  const counterpart = field['x-counterpart'];
  const parts = [field.description ?? '', ...values];
  if (counterpart !== undefined) parts.push(`Same as \`${counterpart}\`.`);
  return parts.join('<br>');
}

function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** How code hosts call a heading in a link. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');
}
