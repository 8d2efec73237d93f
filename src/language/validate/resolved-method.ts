import { stringsOf } from '../node.ts';
import { resolveValue } from '../resolve-value.ts';
import { fieldsOf, schemaAt, schemaOf } from '../schema/navigate.ts';
import type { Fields } from './fields.ts';

/** `method:` as the trainer gets it; `undefined` where it is not valid. */
export function methodOf(fields: Fields): unknown {
  const node = fields.node('method');
  if (!node) return fields.isUnset('method') ? { full: {} } : undefined;
  const schema = schemaAt(schemaOf('run'), ['method']);
  return schema && fields.value('method') !== undefined ? resolveValue(node, schema) : undefined;
}

/** The same with what of `lora:` is valid, and the defaults for the rest: enough to tell which modules the model has. */
export function validPartOf(fields: Fields): unknown {
  const whole = methodOf(fields);
  if (whole !== undefined || !fields.node('method', 'lora')) return whole;
  const schema = schemaAt(schemaOf('run'), ['method', 'lora']);
  const known = Object.entries(fieldsOf(schema ?? {})).map(
    ([name, field]) => [name, fields.value('method', 'lora', name) ?? field.default] as const,
  );
  const saved = fields.node('method', 'lora', 'modules_to_save');
  const names = saved?.type === 'seq' ? stringsOf(saved).map(({ value }) => value) : [];
  return {
    lora: {
      ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
      ...(names.length > 0 && { modules_to_save: names }),
    },
  };
}
