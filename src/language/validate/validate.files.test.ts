import assert from 'node:assert/strict';
import { check } from '../check.ts';
import { CORPUS, DATASET, RUN, stream, WORLD } from '../testing/example.ts';
import { CONFIG, diagnose, expectProblem, summary } from '../testing/expect-problem.ts';
import { MemoryHost } from '../testing/memory-host.ts';

describe('a chat template', () => {
  const run = `run: chat\nmodel: { base: base, task: text-generation }\ndata: { train: corpus.train, chat_template_path: PATH }\n`;

  it('that is not there', () =>
    expectProblem(stream(CORPUS, run.replace('PATH', '«chatml.jinja»')), {
      code: 'tune/missing-file',
      message: 'There is no file `chatml.jinja`. Correct the path; it is relative to this file.',
    }));
});

describe('the folder of an export', () => {
  const to = (folder: string) => stream(DATASET, RUN, `export: deploy\nmodel: run:full\nfolder: ${folder}\n`);
  const marked = { workspace: '/w', files: { '/w/.git': 'gitdir: elsewhere\n' } };

  it('that leaves the workspace by its `../`', () =>
    expectProblem(
      to('«../../out/best»'),
      {
        code: 'tune/outside-workspace',
        severity: 'information',
        message:
          'This export is written to `/out/best`, outside of the workspace `/w`. Where that is meant, give the whole path.',
        fix: 'Change to best',
      },
      marked,
    ));

  it('that leaves it on purpose is given whole, and then nothing is said', () =>
    expectProblem(
      to('«../best»'),
      {
        code: 'tune/outside-workspace',
        severity: 'information',
        message:
          'This export is written to `/best`, outside of the workspace `/w`. Where that is meant, give the whole path.',
        fix: 'Change to /best',
      },
      marked,
    ));

  it('is fine inside, beside a name that looks alike, by its whole path, and where nothing marks the workspace', async () => {
    for (const folder of [
      'out',
      './a/../out',
      '../w/out',
      '..out',
      '/srv/models/best',
      '"${workspace}/../out"',
    ])
      assert.deepEqual((await diagnose(to(folder), marked)).map(summary), [], folder);
    assert.deepEqual((await diagnose(to('../out'), { workspace: '/w' })).map(summary), []);
    assert.deepEqual((await diagnose(to('../out'))).map(summary), []);
  });

  it('that begins with `~` would be called so', () =>
    expectProblem(to('«~/models/best»'), {
      code: 'tune/home-folder',
      severity: 'warning',
      message:
        'This would write into a folder that is called `~`. `~` is not the home folder here; write `${env.HOME}/models/best`.',
      fix: 'Change to ${env.HOME}/models/best',
    }));
});

describe('data files', () => {
  it('that are named by `~`, which only shells know', () =>
    expectProblem(DATASET.replace('train.csv', '«~/train.csv»'), {
      code: 'tune/missing-file',
      message:
        'There is no file `~/train.csv`. `~` is not the home folder here; write `${env.HOME}/train.csv`.',
      fix: 'Change to ${env.HOME}/train.csv',
    }));

  it('that are not there: a neighbour has a similar name', () =>
    expectProblem(DATASET.replace('train.csv', '«trian.csv»'), {
      code: 'tune/missing-file',
      message: 'There is no file `trian.csv`. Did you mean `train.csv`?',
      fix: 'Change to train.csv',
    }));

  it('that are not there, in a folder beside', () =>
    expectProblem(
      DATASET.replace('train.csv', '«../data/Train.csv»'),
      {
        code: 'tune/missing-file',
        message: 'There is no file `../data/Train.csv`. Did you mean `../data/train.csv`?',
        fix: 'Change to ../data/train.csv',
      },
      { data: { ...WORLD.data, '/data/train.csv': WORLD.data?.['/w/train.csv'] ?? {} } },
    ));

  it('that are not there, in a list', () =>
    expectProblem(DATASET.replace('train.csv', '[train.csv, «more.csv»]'), {
      code: 'tune/missing-file',
      message: 'There is no file `more.csv`. Correct the path; it is relative to this file.',
    }));

  it('that are folders', () =>
    expectProblem(DATASET.replace('train.csv', '«base»'), {
      code: 'tune/missing-file',
      message: '`base` is a folder. Name the files in it that belong to the split, for example `base/*`.',
    }));

  it('that no file fits', () =>
    expectProblem(DATASET.replace('train.csv', '«part-*.csv»'), {
      code: 'tune/missing-file',
      message: 'No file fits `part-*.csv`. Correct the pattern; it is relative to this file.',
    }));

  it('of a pattern are looked into as one', async () => {
    const host = new MemoryHost({
      ...WORLD,
      files: { ...WORLD.files, [CONFIG]: DATASET.replace('train.csv', '"t*.csv"') },
    });
    assert.deepEqual((await check([CONFIG], host)).map(summary), []);
    assert.ok(
      host.asked.some((params) => 'files' in params && params.files.join() === '/w/test.csv,/w/train.csv'),
      JSON.stringify(host.asked),
    );
  });

  it('of a pattern are found again in the split that is evaluated on', async () => {
    const found = await diagnose(
      stream(DATASET.replace('train.csv', '"t*.csv"').replace('validation.csv', 'test.csv'), RUN),
    );
    assert.ok(found.some(({ code }) => code === 'tune/shared-data'));
  });

  it('on the Hub are not looked for', async () => {
    for (const name of [
      'hf:mteb/banking77',
      'hf:a/b@v1#dev',
      'hf:a/b@refs/convert/parquet/x/*.parquet',
      'hf:squad',
    ])
      assert.deepEqual((await diagnose(DATASET.replace('train.csv', `"${name}"`))).map(summary), []);
  });

  it('whose name is none of the Hub', () =>
    expectProblem(DATASET.replace('train.csv', '«"hf:/a"»'), {
      code: 'tune/hub-name',
      message:
        '`hf:/a` is no name of the Hugging Face Hub. Write `hf:owner/name`, with `@revision`, `/path` and `#split` behind it where they are needed.',
    }));

  it('are not missed where nobody can look', async () => {
    const host = {
      readFile: async (path: string) => (path === CONFIG ? DATASET : undefined),
      stat: async () => undefined,
      listDirectory: async () => [],
    };
    assert.deepEqual((await check([CONFIG], host)).map(summary), []);
  });
});

describe('rows', () => {
  const withProblems = (
    ...problems: {
      code: string;
      file: string;
      line?: number;
      column?: number;
      message: string;
      hint?: string;
    }[]
  ) =>
    diagnose(DATASET, {
      data: { ...WORLD.data, '/w/train.csv': { ...WORLD.data?.['/w/train.csv'], problems } },
    });

  it('that are wrong are shown at their line', async () => {
    const found = await withProblems({
      code: 'data/empty-text',
      file: '/w/train.csv',
      line: 12,
      message: 'Line 12 of /w/train.csv has no text in the column "text".',
      hint: 'Fill in the text, or delete the row.',
    });
    assert.deepEqual(found, [
      {
        file: '/w/train.csv',
        line: 12,
        column: 1,
        endLine: 12,
        endColumn: 1,
        severity: 'error',
        code: 'data/empty-text',
        message:
          'Line 12 of /w/train.csv has no text in the column "text". Fill in the text, or delete the row.',
        fixes: [],
      },
    ]);
  });

  it('of a file that is wrong as a whole are shown where the config names it', async () => {
    const [only] = await withProblems({
      code: 'data/unknown-format',
      file: '/w/train.csv',
      message: 'Files ending in .xlsx are not known: /w/train.csv.',
    });
    assert.equal(`${only?.file}:${only?.line}:${only?.column}-${only?.endColumn}`, '/w/a.tune.yaml:2:17-26');
  });

  it('of one file without a column that another one has are shown there', async () => {
    const found = await withProblems({
      code: 'data/missing-column',
      file: '/w/train.csv',
      line: 1,
      message: 'There is no column "intent".',
    });
    assert.deepEqual(
      found.map(({ file, line, code }) => `${file}:${line} ${code}`),
      ['/w/train.csv:1 data/missing-column'],
    );
  });
});
