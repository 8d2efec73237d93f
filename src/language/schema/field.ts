import Type from 'typebox';

/**
 * What every field of the language says about itself. Completion, hover, the JSON Schema and the reference page all
 * read these, so a field is described once.
 */
export interface FieldDocumentation {
  /** One paragraph: what the field does, its unit, and when to change it. */
  description: string;
  default?: unknown;
  /** The field it stands for elsewhere: `transformers.TrainingArguments.learning_rate`. */
  'x-counterpart'?: string;
  /** What a string in this field names, so that it can be completed, followed and checked. */
  'x-reference'?: ReferenceKind;
  /** One sentence for each value of an enumeration, in its order (VS Code's own JSON keyword). */
  enumDescriptions?: string[];
  /** Values worth offering although others are allowed. */
  examples?: unknown[];
  /** Fields of a map of which exactly one must stand there. */
  'x-one-of'?: string[];
  /** Of the values of a map whose names are the person's own: a name that is usual, for snippets. */
  'x-usual-name'?: string;
}

/** What a string names: a document, a split of a data set, a model, something on disk, or a column of a data file. */
export type ReferenceKind =
  | 'extends'
  | 'split'
  | 'run'
  | 'run-document'
  | 'evaluate-document'
  | 'prompt'
  | 'candidate'
  | 'model'
  | 'data-file'
  | 'tokenizer'
  | 'folder'
  | 'column';

/** Names of documents, splits and candidates: letters, digits, `_` and `-`, starting with a letter or a digit. */
export const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]*$';

/** A whole number of optimizer steps (1 and above), or a fraction of all steps (below 1), as transformers reads it. */
export function StepsOrFraction(documentation: FieldDocumentation) {
  return Type.Number({ ...documentation, minimum: 0, anyOf: [{ type: 'integer' }, { exclusiveMaximum: 1 }] });
}

/** A whole number of rows (1 and above), or a fraction of all rows (between 0 and 1), as `datasets` reads it. */
export function RowsOrFraction(documentation: FieldDocumentation) {
  const anyOf = [{ type: 'integer' }, { exclusiveMaximum: 1 }];
  return Type.Number({ ...documentation, exclusiveMinimum: 0, anyOf });
}

/** A value of the given type, or `null`, which means the same as leaving the field out. */
export function Nullable<Schema extends Type.TSchema>(schema: Schema, documentation: FieldDocumentation) {
  return Type.Union([schema, Type.Null()], { ...documentation });
}
