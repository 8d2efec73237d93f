import { resolveValue } from '../resolve-value.ts';
import { schemaAt, schemaOf } from '../schema/navigate.ts';
import type { Fields } from './fields.ts';

/** `method:` as the trainer gets it; `undefined` where it is not valid. */
export function methodOf(fields: Fields): unknown {
  const node = fields.node('method');
  if (!node) return fields.isUnset('method') ? { full: {} } : undefined;
  const schema = schemaAt(schemaOf('run'), ['method']);
  return schema && fields.value('method') !== undefined ? resolveValue(node, schema) : undefined;
}
