import { DATASET, EVALUATE, RUN, stream } from '../testing/example.ts';
import { expectProblem } from '../testing/expect-problem.ts';

describe('what a document is', () => {
  it('needs a kind word: a misspelt one', () =>
    expectProblem(
      '«datset»: intents\nfiles: { train: train.csv }\nformat: classification\ncolumns: { label: intent }\n',
      {
        code: 'tune/no-kind',
        message: 'Nothing says what this document is. Did you mean `dataset`?',
        fix: 'Change to dataset',
      },
    ));

  it('needs a kind word: one that is left out is guessed from the fields', () =>
    expectProblem('«files»: { train: train.csv }\nformat: classification\ncolumns: { label: intent }\n', {
      code: 'tune/no-kind',
      message:
        'Nothing says what this document is. Start it with `dataset: NAME`, `run: NAME`, `evaluate: NAME`, `prompt: NAME`, `sweep: NAME`, `objective: NAME` or `export: NAME`.',
      fix: 'Start with dataset:',
      becomes: 'dataset: my-dataset\nfiles:',
    }));

  it('is a map', () =>
    expectProblem('«- a»\n- b\n', {
      code: 'tune/no-kind',
      message:
        'A document is a map that starts with `dataset: NAME`, `run: NAME`, `evaluate: NAME`, `prompt: NAME`, `sweep: NAME`, `objective: NAME` or `export: NAME`, not a list.',
    }));

  it('is one thing', () =>
    expectProblem(`${DATASET}«run»: full\nmodel: { base: base }\ndata: { train: intents.train }\n`, {
      code: 'tune/two-kinds',
      message:
        'This document is a `dataset:` already. Put a line `---` before `run:`, so that it starts a document of its own.',
      fix: 'Start a new document',
    }));
});

describe('names', () => {
  const rule = 'A name has letters, digits, `_` and `-`, and starts with a letter or a digit.';

  it('of a document', () =>
    expectProblem(stream(DATASET, RUN.replace('full', '«my first run!»')), {
      code: 'tune/name',
      message: `"my first run!" is not a name. ${rule}`,
      fix: 'Change to my-first-run',
    }));

  it('of a document with letters that other alphabets have', () =>
    expectProblem(stream(DATASET, RUN.replace('full', '«größe-é»')), {
      code: 'tune/name',
      message: `"größe-é" is not a name. ${rule}`,
      fix: 'Change to grosse-e',
    }));

  it('of a document that is a number', () =>
    expectProblem(stream(DATASET, RUN.replace('full', '«2026»')), {
      code: 'tune/name',
      message: 'The name of the run is the number 2026. Put it in quotes.',
      fix: 'Write "2026"',
    }));

  it('of a document without one', () =>
    expectProblem(stream(DATASET, RUN.replace(' full', '«»')), {
      code: 'tune/name',
      message: 'The run has no name. Write one behind the colon.',
    }));

  it('of a split', () =>
    expectProblem(DATASET.replace('test:', '«held out»:'), {
      code: 'tune/name',
      message: `"held out" is not a name. ${rule}`,
      fix: 'Change to held-out',
    }));

  it('of a candidate', () =>
    expectProblem(stream(DATASET, RUN, EVALUATE.replace('before', '«before.»')), {
      code: 'tune/name',
      message: `"before." is not a name. ${rule}`,
      fix: 'Change to before',
    }));

  it('stand once for each kind', () =>
    expectProblem(stream(DATASET, RUN, RUN.replace('full', '«full»')), {
      code: 'tune/duplicate-name',
      message: 'There is a `run: full` in line 6 already. Rename one of the two.',
      fix: 'Change to run: full-2',
    }));

  it('may be the same for two kinds', () =>
    expectProblem(stream(DATASET, RUN.replace('full', 'intents'), RUN.replace('full', '«intents»')), {
      code: 'tune/duplicate-name',
      message: 'There is a `run: intents` in line 6 already. Rename one of the two.',
      fix: 'Change to run: intents-2',
    }));
});
