import assert from 'node:assert/strict';
import { DATASET, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary, type ExpectedProblem } from '../testing/expect-problem.ts';

const MAP = 'every line of a map is `field: value`.';
const NEIGHBOURS =
  'This line does not fit its neighbours. A line of a map is `field: value`, and fields of one map start in the same column.';

const CASES: [title: string, marked: string, message: string, fix?: string, becomes?: string][] = [
  [
    'a colon too few',
    'train:\n  «seed 1»\n  max_steps: 9\n',
    `A colon is missing after \`seed\`: ${MAP}`,
    'Add the colon',
    'seed: 1',
  ],
  [
    'a section without its colon',
    '«train»\n  seed: 1\n',
    `A colon is missing after \`train\`: ${MAP}`,
    'Add the colon',
    'train:\n',
  ],
  [
    'a space too few',
    'train:\n  «seed:1»\n  max_steps: 9\n',
    'A space is missing after `seed:`.',
    'Add the space',
    'seed: 1',
  ],
  [
    'a comma too few',
    '«train: { seed: 1 max_steps: 9 }»\n',
    'A comma is missing between two fields in these brackets. Add it.',
    'Add the comma',
    '{ seed: 1, max_steps: 9 }',
  ],
  [
    'a comma too many',
    'train: { seed: 1, «,» max_steps: 9 }\n',
    'There is one comma too many. Remove it.',
    'Remove ,',
  ],
  [
    'a brace that is not closed',
    '«train: { seed: 1»\nmethod: { full: {} }\n',
    'The `}` that closes this is missing. Add it.',
    'Add }',
    'train: { seed: 1 }\n',
  ],
  [
    'a bracket that is not closed',
    'method:\n  lora:\n    «target_modules: [query, value»\n    r: 4\n',
    'The `]` that closes this is missing. Add it.',
    'Add ]',
    '[query, value]\n',
  ],
  ['a brace too many', 'train: { seed: 1 } «}»\n', '`}` closes nothing here. Remove it.', 'Remove }'],
  [
    'a quote that is not closed',
    'train:\n  «lr_scheduler_type: "cosine»\n  seed: 1\n',
    'The closing " of this text is missing. Add it.',
  ],
  [
    'text behind a quote',
    'train:\n  «lr_scheduler_type: "cosine" please»\n  seed: 1\n',
    'Something follows the closing quote. Put it inside the quotes, or remove it.',
  ],
  [
    'tabs',
    'train:\n«\t»seed: 1\n\tmax_steps: 9\n',
    'A tab stands in the indentation; YAML takes spaces only. Indent with two spaces.',
    'Indent with spaces',
    'train:\n  seed: 1\n  max_steps: 9\n',
  ],
  [
    'a comment too close',
    'train: { seed: 1 }«#»lucky\n',
    'A comment needs a space in front of its `#`.',
    'Add the space',
  ],
  ['a line that is indented too far', 'train:\n  seed: 1\n   «max_steps: 9»\n', NEIGHBOURS],
  [
    'a line that is indented too little',
    'train:\n    seed: 1\n  «max_steps: 9»\n',
    'This line is not indented like its neighbours. Fields of one map start in the same column.',
  ],
  ['an item among fields', '«- seed»\n', NEIGHBOURS],
  [
    'a text behind a bar',
    'train:\n  «lr_scheduler_type: |cosine»\n',
    'Nothing may follow `|` or `>` on its line. The text starts on the next one, indented.',
  ],
  [
    'an alias without anchor',
    'train: «*other»\n',
    'The alias `*other` names no anchor above it in this document. Define it first with `&other`.',
  ],
  [
    'an alias inside its anchor',
    'method: &m { full: «*m» }\n',
    'The alias `*m` stands inside its own anchor. Remove one of them.',
  ],
  [
    'a merge of what is no map',
    'train:\n  «<<»: 3\n',
    'A merge key (`<<`) takes an alias to a map, or a list of them.',
  ],
  ['a field without a name', '«»: 3\n', 'A field must have a name in front of its colon.'],
  [
    'a tag',
    'train:\n  seed: «!int» 1\n',
    '`!int` is a YAML tag that means nothing here. Remove it.',
    'Remove the tag',
  ],
];

describe('lines that are no YAML', () => {
  for (const [title, marked, message, fix, becomes] of CASES) {
    it(title, () => {
      const expected: ExpectedProblem = { code: 'tune/syntax', message };
      if (fix !== undefined) expected.fix = fix;
      if (becomes !== undefined) expected.becomes = becomes;
      return expectProblem(stream(DATASET, `${RUN}${marked}`), expected);
    });
  }

  it('two colons', () =>
    expectProblem(
      DATASET.replace('columns: { label: intent }', 'columns:\n  «label: intent: fine»\n  text: text'),
      {
        code: 'tune/syntax',
        message:
          'Two colons stand on one line. Put a value that contains a colon in quotes, or start a new line for a nested field.',
        fix: 'Put the value in quotes',
      },
      {
        data: Object.fromEntries(
          ['train', 'validation', 'test'].map((split) => [
            `/w/${split}.csv`,
            { rows: 9, columns: ['text', 'intent: fine'] },
          ]),
        ),
      },
    ));

  it('of values that YAML reserves', async () => {
    for (const value of ['`1`', '@x', '%x']) {
      const found = await diagnose(stream(DATASET, `${RUN}train:\n  seed: ${value}\n`));
      const [first] = found;
      assert.equal(first?.code, 'tune/syntax', value);
      assert.match(first.message, /^A value cannot start with .+\. Put it in quotes\.$/);
    }
  });

  it('of backslashes', async () => {
    const found = await diagnose(DATASET.replace('train.csv', '"data\\wide.csv"'));
    assert.equal(
      found.map(summary).find((each) => each.startsWith('tune/syntax')),
      'tune/syntax: `\\w` is no escape in double quotes. Write `\\\\` for a backslash, or use single quotes.',
    );
  });

  it('cost nothing but themselves: the other documents, and the other lines', async () => {
    const found = await diagnose(
      stream(
        DATASET.replace('format: classification', 'format classification').replace('intent }', 'intnt }'),
        'run: one\nmodel: { base: base\ndata: { train: intents.trian }\ntrain:\n  sed: 1\n',
        'run: two\nmodel: { base: base }\ndata: { train: intents.train }\ntrain: { sed: 1 }\n',
      ),
    );
    assert.deepEqual(
      found.map(({ line, code }) => `${line} ${code}`),
      [
        '3 tune/syntax',
        '7 tune/syntax',
        '8 tune/unknown-reference',
        '10 tune/unknown-field',
        '15 tune/unknown-field',
      ],
    );
  });

  it('are each told, up to fifty of them', async () => {
    const lines = Array.from({ length: 6 }, (_, i) => `  seed ${i}\n  max_steps: 9 # ${i}\n`).join('');
    const found = await diagnose(stream(DATASET, `${RUN}train:\n${lines}`));
    assert.equal(found.filter(({ code }) => code === 'tune/syntax').length, 6);
  });
});
