import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, type Problem } from '../problem.ts';
import { FORMAT_NAMES } from '../recognise-format.ts';
import type { Format } from '../schema/formats.ts';
import type { Fields } from './fields.ts';
import { schemaOf } from '../schema/navigate.ts';
import { listNames } from './list-names.ts';
import { meantPaths } from './unknown-field.ts';

/** What is said of a data set without `format`, by the formats that its columns could be of. */
export function checkRecognised({ document }: Fields, formats: readonly Format[]): Problem[] {
  const node = document.header?.value ?? document.root;
  const root = rootMap(document);
  // What could not be read may have been `format`, and one that is nearly `format` is told of already.
  if (!node || document.broken || (root && meantPaths(root, schemaOf('dataset')).has('format'))) return [];
  const fixes = formats.map((format) => setFix(`Add format: ${format}`, root, ['format'], format));
  if (formats.length === 1)
    return [
      problem(
        'tune/recognised-format',
        node,
        `The rows are read as \`format: ${formats[0] ?? ''}\`, by their columns.`,
        fixes,
      ),
    ];
  const message =
    formats.length === 0
      ? `The columns of the data are those of no format. Add \`format\` (${listNames(FORMAT_NAMES, FORMAT_NAMES.length, 'or')}), and name the columns in \`columns\`.`
      : `The columns of the data are those of ${listNames(formats, formats.length, 'and')}. Add \`format\`.`;
  return [problem('tune/unclear-format', node, message, fixes)];
}
