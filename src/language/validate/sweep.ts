import { nearest } from '../nearest.ts';
import { problem, replaceFix, removeFix, yamlString, type Problem } from '../problem.ts';
import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { fieldsOf, mapSchema, schemaAt, schemaOf, type FieldSchema } from '../schema/navigate.ts';
import { sweptPaths } from '../swept-paths.ts';
import type { Entry, MapNode, Node } from '../tree.ts';
import type { Fields } from './fields.ts';
import { checkValue } from './structure.ts';

/** What is wrong with the fields that a sweep varies: none of a run, or values that such a field does not take. */
export function checkSweep(fields: Fields): Problem[] {
  if (fields.document.kind !== 'sweep') return [];
  const over = fields.node('over');
  if (over?.type !== 'map') return [];
  const method = fields.string('method');
  return over.entries.flatMap((entry) => {
    const path = entry.name.split('.');
    const schema = schemaAt(schemaOf('run'), path);
    if (!schema || path.length < 2) return [unknownPath(entry)];
    if (mapSchema(schema)) return [isSection(entry, schema)];
    return checkValues(entry.value, schema, path, method, fields);
  });
}

function unknownPath(entry: Entry): Problem {
  const paths = sweptPaths();
  // The last name alone is what most people write.
  const ending = paths.filter((path) => path.endsWith(`.${entry.name.split('.').at(-1) ?? ''}`));
  const near = ending.length === 1 ? ending[0] : nearest(entry.name, paths);
  const hint = near === undefined ? 'Write one as `train.learning_rate`.' : `Did you mean \`${near}\`?`;
  const message = `\`${entry.name}\` is not a field of a run. ${hint}`;
  return problem('tune/unknown-field', entry.key, message, [
    near === undefined ? undefined : replaceFix(`Change to ${near}`, entry.key, yamlString(near)),
    removeFix(`Remove ${entry.name}`, entry),
  ]);
}

function isSection(entry: Entry, schema: FieldSchema): Problem {
  const [first] = Object.keys(fieldsOf(schema));
  const example = first === undefined ? '' : ` Name one of its fields: \`${entry.name}.${first}\`.`;
  const message = `\`${entry.name}\` is a section of a run, not a value.${example}`;
  return problem('tune/unknown-field', entry.key, message, [removeFix(`Remove ${entry.name}`, entry)]);
}

function checkValues(
  node: Node,
  schema: FieldSchema,
  path: readonly string[],
  method: string | undefined,
  fields: Fields,
): Problem[] {
  if (node.type === 'seq') return node.items.flatMap((item) => checkSwept(item, schema, path));
  return node.type === 'map' ? checkRange(node, schema, path, method, fields) : [];
}

function checkRange(
  range: MapNode,
  schema: FieldSchema,
  path: readonly string[],
  method: string | undefined,
  fields: Fields,
): Problem[] {
  const name = path.join('.');
  const [min, max] = [fields.number('over', name, 'min'), fields.number('over', name, 'max')];
  const ends = ['min', 'max'].flatMap((end) => {
    const node = fields.node('over', name, end);
    return node ? checkSwept(node, schema, path) : [];
  });
  if (ends.length > 0 || min === undefined || max === undefined) return ends;
  const found: Problem[] = [];
  const [low, high] = [fields.node('over', name, 'min'), fields.node('over', name, 'max')];
  if (min >= max && low && high) {
    const message = `The range of \`${name}\` begins at ${min} and ends at ${max}. \`min\` must be smaller than \`max\`.`;
    const swap =
      min > max
        ? {
            title: 'Exchange min and max',
            edits: [...replaceFix('', low, String(max)).edits, ...replaceFix('', high, String(min)).edits],
          }
        : undefined;
    found.push(problem('tune/out-of-range', high, message, [swap]));
  }
  const scale = fields.node('over', name, 'scale');
  if (scale && min <= 0 && fields.string('over', name, 'scale') === 'log') {
    const message = `A logarithmic range begins above 0; that of \`${name}\` begins at ${min}. Take a larger \`min\`, or \`scale: linear\`.`;
    found.push(
      problem('tune/inconsistent-settings', scale, message, [
        replaceFix('Change to linear', scale, 'linear'),
      ]),
    );
  }
  if (method === 'grid' && fields.isUnset('over', name, 'steps')) {
    const message = `\`method: grid\` needs to know how many values of \`${name}\` to try. Add \`steps\`, or take \`method: random\`.`;
    const root = rootMap(fields.document);
    found.push(
      problem('tune/missing-field', range, message, [
        setFix('Set method: random', root, ['method'], 'random'),
      ]),
    );
  }
  return found;
}

/** One value of many: the default of the field is no way out, for it would be tried without being meant. */
function checkSwept(node: Node, schema: FieldSchema, path: readonly string[]): Problem[] {
  return checkValue(node, { ...schema, default: undefined }, path);
}
