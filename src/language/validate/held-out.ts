import { HELD_OUT_SPLIT, CUT_SPLIT } from '../held-out.ts';
import { entryOf, valueAt } from '../node.ts';
import { problem, removeFix, type Problem } from '../problem.ts';
import type { Fields } from './fields.ts';

/** Whether rows can be held out of a data set: it needs the split that they are taken from, and none that they become. */
export function checkHeldOut(fields: Fields): Problem[] {
  const { document, root } = fields;
  const cut = document.kind === 'dataset' ? fields.entry('train_test_split') : undefined;
  if (!cut) return [];
  const files = valueAt(root, 'files');
  const written = entryOf(files, HELD_OUT_SPLIT);
  if (written) {
    const message = `\`train_test_split\` makes the split \`${HELD_OUT_SPLIT}\` of rows of \`${CUT_SPLIT}\`, and \`files\` has one already. Remove one of the two.`;
    return [
      problem('tune/exclusive-fields', cut.key, message, [
        removeFix('Remove train_test_split', cut),
        removeFix(`Remove ${HELD_OUT_SPLIT}`, written),
      ]),
    ];
  }
  if (files?.type !== 'map' || entryOf(files, CUT_SPLIT)) return [];
  const names = files.entries.map(({ name }) => `\`${name}\``).join(', ');
  const message = `\`train_test_split\` holds out rows of the split \`${CUT_SPLIT}\`, and \`files\` has only ${names}. Name the split \`${CUT_SPLIT}\`, or remove \`train_test_split\`.`;
  return [problem('tune/missing-field', cut.key, message, [removeFix('Remove train_test_split', cut)])];
}
