import assert from 'node:assert/strict';
import { findDefinition } from '../definition.ts';
import { findHints } from '../hints.ts';
import { loadProject } from '../load.ts';
import { rename } from '../rename.ts';
import { CONFIG, diagnose, expectProblem } from '../testing/expect-problem.ts';
import { RUN, stream, WORLD } from '../testing/example.ts';
import { MemoryHost } from '../testing/memory-host.ts';

const dataset = (cut: string, files = '{ train: train.csv }') => `dataset: intents
files: ${files}
${cut}
format: classification
columns: { label: intent }
`;
const CUT = 'train_test_split: { test_size: 0.1 }';

describe('train_test_split', () => {
  it('makes the split that a run is evaluated on, of rows that it is not trained on', async () => {
    assert.deepEqual(await diagnose(stream(dataset(CUT), RUN)), []);
  });

  it('is asked for by its side, with its seed and its column', async () => {
    const cut = 'train_test_split: { test_size: 200, seed: 7, stratify_by_column: intent }';
    const host = new MemoryHost({ ...WORLD, files: { ...WORLD.files, [CONFIG]: stream(dataset(cut), RUN) } });
    const project = await loadProject([CONFIG], host);
    const file = project.files.get(CONFIG);
    assert.ok(file);
    await findHints({ project, file, host });
    const sides = host.asked.flatMap((each) => ('cut' in each && each.cut ? [each.cut] : []));
    const expected = { test_size: 200, seed: 7, stratify_by_column: 'intent' };
    assert.deepEqual(
      sides.filter(({ side }) => side === 'test'),
      [{ ...expected, side: 'test' }],
    );
    assert.ok(sides.some(({ side }) => side === 'train'));
  });

  it('does not stand beside a validation file', async () => {
    const files = '{ train: train.csv, validation: validation.csv }';
    await expectProblem(stream(dataset(CUT.replace('train_test_split', '«train_test_split»'), files), RUN), {
      code: 'tune/exclusive-fields',
      message:
        '`train_test_split` makes the split `validation` of rows of `train`, and `files` has one already. Remove one of the two.',
      fix: 'Remove train_test_split',
    });
  });

  it('needs a split to take rows from', async () => {
    await expectProblem(dataset('«train_test_split»: { test_size: 0.1 }', '{ test: test.csv }'), {
      code: 'tune/missing-field',
      message:
        '`train_test_split` holds out rows of the split `train`, and `files` has only `test`. Name the split `train`, or remove `train_test_split`.',
      fix: 'Remove train_test_split',
    });
  });

  for (const size of ['0', '1.5', '-3'])
    it(`says of test_size ${size} what it takes, and no more`, async () => {
      await expectProblem(stream(dataset(`train_test_split: { test_size: «${size}» }`), RUN), {
        code: 'tune/out-of-range',
        message: `\`test_size\` is ${size}; it takes a whole number from 1, or a fraction below 1.`,
      });
    });

  it('is told where rows cannot be held out, at the number of rows', async () => {
    const problem = {
      code: 'data/held-out',
      file: '/w/train.csv',
      message: '1600 of 1600 rows would be held out, and none be left to train on.',
      hint: 'Take a smaller `test_size`.',
    };
    const train = { ...WORLD.data?.['/w/train.csv'], problems: [problem] };
    await expectProblem(
      stream(dataset('train_test_split: { test_size: «1600» }'), RUN),
      { code: problem.code, message: `${problem.message} ${problem.hint}` },
      { data: { ...WORLD.data, '/w/train.csv': train } },
    );
  });

  it('is where the split is defined, and keeps the names of its two splits', async () => {
    const text = stream(dataset(CUT), RUN);
    const host = new MemoryHost({ ...WORLD, files: { ...WORLD.files, [CONFIG]: text } });
    const project = await loadProject([CONFIG], host);
    const offset = text.indexOf('validation') + 1;
    const found = findDefinition(project, CONFIG, offset);
    assert.ok(found && 'file' in found);
    assert.equal(text.slice(found.start, found.end), '{ test_size: 0.1 }');
    const renaming = rename(project, CONFIG, offset, 'held');
    assert.ok('refusal' in renaming);
    assert.match(renaming.refusal, /these two names are fixed/);
  });
});
