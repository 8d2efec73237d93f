import assert from 'node:assert/strict';
import { findRenameable } from './rename.ts';
import { PATH } from './testing/complete-at.ts';
import { projectAt, renameAt } from './testing/names-at.ts';

const DATASET = 'dataset: intents # which\nfiles: { train: a.csv, test: b.csv }\n';

describe('rename', () => {
  it('changes a document and every reference to it, in all files', async () => {
    const files = {
      '/work/b.tune.yaml': 'run: a\ndata: { train: intents.train }\n',
      '/work/sub/c.tune.yaml': 'evaluate: e\ndata: ../a.tune.yaml#intents.test\n',
      '/work/other/d.tune.yaml': 'dataset: intents\n',
    };
    assert.deepEqual(await renameAt(DATASET.replace('intents', 'inte|nts'), 'banking', files), {
      '/work/a.tune.yaml': DATASET.replace('intents', 'banking'),
      '/work/b.tune.yaml': 'run: a\ndata: { train: banking.train }\n',
      '/work/sub/c.tune.yaml': 'evaluate: e\ndata: ../a.tune.yaml#banking.test\n',
    });
  });

  it('works from a reference, and on a split', async () => {
    const run = 'run: a\ndata: { train: intents.train }\n';
    assert.deepEqual(await renameAt(`${DATASET}---\n${run.replace('.train', '.tra|in')}`, 'fit'), {
      [PATH]: `${DATASET.replace('train', 'fit')}---\n${run.replace('.train', '.fit')}`,
    });
  });

  it('changes names in quotes, and in texts with escapes', async () => {
    const text = 'run: \'a|\'\n---\nrun: b\nextends: "a"\n---\nrun: c\nextends: "\\x61"\n';
    assert.deepEqual(await renameAt(text, 'z'), {
      [PATH]: 'run: \'z\'\n---\nrun: b\nextends: "z"\n---\nrun: c\nextends: "z"\n',
    });
  });

  it('leaves references to a run on disk, which keeps its name', async () => {
    const text = 'run: a|\n---\nevaluate: e\ncandidates: { x: { run: a@2026-1 }, y: { run: a } }\n';
    assert.deepEqual(await renameAt(text, 'b'), {
      [PATH]: 'run: b\n---\nevaluate: e\ncandidates: { x: { run: a@2026-1 }, y: { run: b } }\n',
    });
  });

  it('changes a variable wherever it stands for something, in other files that inherit it too', async () => {
    const text =
      'run: a\nvars: { ra|te: 1e-4 }\ntrain: { learning_rate: "${ vars.rate }", output_dir: "$${vars.rate}x-${vars.rate}$${vars.rate}" }\n';
    const files = {
      '/work/b.tune.yaml': 'run: b\nextends: a.tune.yaml#a\nmodel: { base: "m-${vars.rate}" }\n',
    };
    assert.deepEqual(await renameAt(text, 'lr', files), {
      [PATH]: text
        .replace('ra|te', 'lr')
        .replace('${ vars.rate }', '${ vars.lr }')
        .replace('x-${vars.rate}', 'x-${vars.lr}'),
      '/work/b.tune.yaml': files['/work/b.tune.yaml'].replace('rate', 'lr'),
    });
  });

  it('changes an anchor with its aliases and merge keys, in its document alone, also where a line is broken', async () => {
    const text =
      'run: a\ntrain: &t\n  seed: 1\nvars:\n  one: { <<: *t, two: *t }\n  three: [\n---\nrun: b\ntrain: &t { seed: 2 }\n';
    const renamed = text.replace('&t', '&base').replaceAll('*t', '*base');
    assert.deepEqual(await renameAt(text.replace('&t', '&|t'), 'base'), { [PATH]: renamed });
    assert.deepEqual(await renameAt(text.replace('two: *t', 'two: *t|'), 'base'), { [PATH]: renamed });
    const windows = '\uFEFF' + text.replace('  three: [\n', '').replaceAll('\n', '\r\n');
    assert.deepEqual(await renameAt(windows.replace('<<: *', '<<: *|'), 'base'), {
      [PATH]: windows.replace('&t', '&base').replaceAll('*t', '*base'),
    });
  });

  const refused: [why: string, marked: string, newName: string, message: RegExp][] = [
    ['a name with a space', 'run: a|\n', 'a b', /"a b" is no name: write letters/],
    ['an empty name', 'run: a|\n', '', /"" is no name/],
    [
      'a variable that stands somewhere in escapes',
      'run: a\nvars: { x|: 1 }\ntrain: { seed: "${vars.\\x78}" }\n',
      'y',
      /`x` cannot be renamed: it is written with characters/,
    ],
    [
      'a variable that is there already',
      'run: a\nvars: { x|: 1, y: 2 }\n',
      'y',
      /There is a variable `y` already, in \/work\/a.tune.yaml:1\./,
    ],
    [
      'an anchor that is there already',
      'run: a\ntrain: &t| { seed: 1 }\nvars: &u { x: *t }\n',
      'u',
      /There is an anchor `&u` already, in \/work\/a.tune.yaml:3\. Choose/,
    ],
    ['an anchor with a space', 'run: a\ntrain: &t| { seed: 1 }\n', 'a b', /"a b" is no name/],
    ['an alias for nothing', 'run: a\ntrain: *t|\n', 'u', /There is no name here\./],
    [
      'a name that is taken',
      'run: a|\n---\nrun: b\n',
      'b',
      /There is a `run: b` already, in \/work\/a.tune.yaml:3\./,
    ],
    ['a name that a file beside it has', 'run: a|\n', 'c', /`run: c` already, in \/work\/c.tune.yaml:1/],
    ['a split that is taken', DATASET.replace('train', '|train'), 'test', /a split `test` already/],
    ['a field', 'run: a\nmod|el: { base: b }\n', 'x', /There is no name here/],
  ];
  for (const [why, marked, newName, message] of refused) {
    it(`refuses ${why}`, async () => {
      const answer = await renameAt(marked, newName, { '/work/c.tune.yaml': 'run: c\n' });
      assert.match(typeof answer === 'string' ? answer : JSON.stringify(answer), message);
    });
  }

  it('takes a name that only another kind or another folder has', async () => {
    const files = { '/work/x/c.tune.yaml': 'run: c\n', '/work/d.tune.yaml': 'dataset: c\n' };
    assert.deepEqual(await renameAt('run: a|\n', 'c', files), { [PATH]: 'run: c\n' });
  });
});

describe('findRenameable', () => {
  const at = async (marked: string) => {
    const { project, offset, text } = await projectAt(marked);
    const found = findRenameable(project, PATH, offset);
    return found && [text.slice(found.start, found.end), found.placeholder];
  };

  it('gives the name alone', async () => {
    assert.deepEqual(await at(`${DATASET}---\nevaluate: e\ndata: inten|ts.test\n`), ['intents', 'intents']);
    assert.deepEqual(await at(`${DATASET}---\nevaluate: e\ndata: "intents.te|st"\n`), ['test', 'test']);
  });

  it('gives nothing for a run on disk, a field, a number', async () => {
    assert.equal(await at('run: a\n---\nevaluate: e\ncandidates: { x: { run: a|@1 } }\n'), undefined);
    assert.equal(await at('run: a\ntrain: { seed: 1| }\n'), undefined);
  });
});
