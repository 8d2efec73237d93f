import type { Located } from '../locate.ts';
import type { Fix } from '../problem.ts';
import { yamlString } from '../problem.ts';
import { alternatives, schemaAt, schemaOf, type FieldSchema } from '../schema/navigate.ts';
import { sweptPaths } from '../swept-paths.ts';
import { toValue } from '../node.ts';
import { writeValue } from '../write-value.ts';
import { checkValue } from '../validate/structure.ts';
import { documentBehind, freeName } from './new-document.ts';

/** A `sweep:` over the field of a run that the cursor is on, with values around the one that stands there. */
export function makeSweep({ document, path, entry }: Located): Fix | undefined {
  const { kind, name, broken, file } = document;
  const names = path.filter((step) => typeof step === 'string');
  const dotted = names.join('.');
  if (kind !== 'run' || name === undefined || broken || !entry || names.length !== path.length)
    return undefined;
  const schema = schemaAt(schemaOf('run'), path);
  if (!schema || !sweptPaths().includes(dotted) || checkValue(entry.value, schema, names).length > 0)
    return undefined;
  const values = valuesAround(toValue(entry.value), schema);
  if (values.length === 0) return undefined;
  const field = names.at(-1) ?? '';
  const sweep = freeName(file, 'sweep', `${name}-${field}`.replace(/[^A-Za-z0-9_-]/g, '-'));
  const lines = [
    `sweep: ${sweep}`,
    `run: ${yamlString(name)}`,
    'over:',
    `  ${dotted}: ${writeValue(values)}`,
  ];
  return { title: `Make a sweep of ${field}`, edits: [documentBehind(document, lines)] };
}

/** The value and what a person would try beside it: half and twice of a number, every choice of an enumeration. */
function valuesAround(value: unknown, schema: FieldSchema): unknown[] {
  if (typeof value === 'boolean') return [false, true];
  const choices = alternatives(schema).flatMap((each) => each.enum ?? []);
  if (choices.length > 0) return [...choices];
  if (typeof value === 'number') return numbersAround(value, schema);
  return value === null ? [] : [value];
}

function numbersAround(value: number, schema: FieldSchema): number[] {
  const isInteger = alternatives(schema).some(({ type }) => type === 'integer');
  const around = [value / 2, value, value * 2].map((each) =>
    isInteger ? Math.round(each) : Number(each.toPrecision(6)),
  );
  const fits = (each: number) =>
    alternatives(schema).some(
      ({
        minimum = -Infinity,
        maximum = Infinity,
        exclusiveMinimum = -Infinity,
        exclusiveMaximum = Infinity,
      }) => each >= minimum && each <= maximum && each > exclusiveMinimum && each < exclusiveMaximum,
    );
  return [...new Set(around)].filter((each) => each === value || fits(each));
}
