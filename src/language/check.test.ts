import assert from 'node:assert/strict';
import { check, checkProject } from './check.ts';
import { loadProject } from './load.ts';
import { CORPUS, DATASET, EVALUATE, PRETRAIN, RUN, stream, WORLD } from './testing/example.ts';
import { CONFIG, diagnose, summary } from './testing/expect-problem.ts';
import { MemoryHost } from './testing/memory-host.ts';

describe('check', () => {
  it('finds nothing wrong with what is right', async () => {
    const text = stream(DATASET, CORPUS, RUN, PRETRAIN, EVALUATE);
    assert.deepEqual((await diagnose(text)).map(summary), []);
  });

  it('finds five mistakes of five kinds in one file, each once, in the order of the lines', async () => {
    const text = `dataset: intents
files: { train: train.csv, validation: validation.csv }
format: classification
columns: { text: utterance, label: intent }
---
run: full
model: { base: base, num_labels: 77 }
data: { train: intents.train, eval: intents.validation }
train:
  learning_rat: 5.0e-5
  per_device_train_batch_size: sixteen
  num_train_epochs 3
`;
    const found = await diagnose(text);
    assert.deepEqual(
      found.map(({ file, line, column, code, message, fixes }) => ({
        at: `${file}:${line}:${column}`,
        code,
        message,
        fix: fixes[0]?.title,
      })),
      [
        {
          at: '/w/a.tune.yaml:4:18',
          code: 'tune/missing-column',
          message:
            '`train.csv` and `validation.csv` have no column `utterance` for the text; there is `text` and `intent`. Did you mean `text`?',
          fix: 'Change to text',
        },
        {
          at: '/w/a.tune.yaml:7:34',
          code: 'tune/label-count',
          message:
            '`num_labels` is 77, but `intents.train` has 3 different labels (`copy`, `paste` and `undo`). Set `num_labels: 3`, or correct the data.',
          fix: 'Set num_labels: 3',
        },
        {
          at: '/w/a.tune.yaml:10:3',
          code: 'tune/unknown-field',
          message: '`learning_rat` is not a field of `train`. Did you mean `learning_rate`?',
          fix: 'Change to learning_rate',
        },
        {
          at: '/w/a.tune.yaml:11:32',
          code: 'tune/wrong-type',
          message: '`per_device_train_batch_size` takes a whole number from 1, not the text "sixteen".',
          fix: 'Change to 8, the default',
        },
        {
          at: '/w/a.tune.yaml:12:3',
          code: 'tune/syntax',
          message: 'A colon is missing after `num_train_epochs`: every line of a map is `field: value`.',
          fix: 'Add the colon',
        },
      ],
    );
  });

  it('says of a config without a document what to start one with, and nothing more of it', async () => {
    const told = async (text: string) =>
      (await check(['/w/a.tune.yaml'], new MemoryHost({ files: { '/w/a.tune.yaml': text } }))).map(
        ({ line, column, code, severity, message }) => `${line}:${column} ${severity} ${code} ${message}`,
      );
    const start = 'Start one with `dataset: NAME`, `run: NAME`,';
    for (const text of ['', '\n  \n', '\ufeff']) {
      const [only, ...more] = await told(text);
      assert.deepEqual(more, []);
      const code = 'tune/empty-file';
      assert.ok(only?.startsWith(`1:1 information ${code} This config is empty. ${start}`), only);
    }
    for (const text of ['# later\n', '---\n', '---\n# later\n---\n', '%YAML 1.2\n---\n'])
      assert.match(
        (await told(text)).join('|'),
        /^1:1 information tune\/empty-file This config has no document\. Start one [^|]*$/,
      );
    assert.match((await told('run: a\n')).join('|'), /^1:6 information tune\/settings-only [^|]*$/);
    assert.match((await told('- a\n')).join('|'), /^1:1 error tune\/no-kind [^|]*not a list\.$/);
    assert.match((await told('[\n')).join('|'), /^[^|]*tune\/syntax[^|]*$/);
  });

  it('says of a file that cannot be read why', async () => {
    const bytes = new Uint8Array([0x72, 0x75, 0x6e, 0x3a, 0x0a, 0xff]);
    const host = new MemoryHost({ files: { '/w/b.tune.yaml': bytes } });
    const found = await check(['/w/missing.tune.yaml', '/w/b.tune.yaml'], host);
    assert.deepEqual(
      found.map(({ file, code, message }) => ({ file, code, message })),
      [
        {
          file: '/w/b.tune.yaml',
          code: 'tune/file',
          message:
            'This config file cannot be read. It is not UTF-8: line 2 holds bytes that are no text. Save it as UTF-8.',
        },
        {
          file: '/w/missing.tune.yaml',
          code: 'tune/file',
          message: 'This config file cannot be read. There is no such file. Check the path.',
        },
      ],
    );
  });

  it('finds the mistakes of a document that another file takes fields from, in that file', async () => {
    const host = new MemoryHost({
      ...WORLD,
      files: {
        ...WORLD.files,
        [CONFIG]: stream(
          DATASET,
          'run: child\nextends: defaults.tune.yaml#small\nmodel: { base: base }\ndata: { train: intents.train }\n',
        ),
        '/w/defaults.tune.yaml': 'run: small\ntrain: { sed: 1 }\n---\nrun: other\ntrain: { sed: 1 }\n',
      },
    });
    const found = await check([CONFIG], host);
    assert.deepEqual(
      found.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`),
      ['/w/defaults.tune.yaml:2:10 tune/unknown-field'],
    );
  });

  it('reports a mistake that several runs inherit once', async () => {
    const child = (name: string) => `run: ${name}\nextends: full\n`;
    const text = stream(DATASET, `${RUN}train: { save_strategy: best }\n`, child('a'), child('b'));
    assert.deepEqual(
      (await diagnose(text)).map(({ line, code }) => `${line} ${code}`),
      ['9 tune/inconsistent-settings', '9 tune/never-happens'],
    );
  });

  it('checks syntax, schema and references without a world to ask', async () => {
    const host = {
      readFile: async (path: string) =>
        path === CONFIG ? stream(DATASET, RUN.replace('base: base', 'bas: base')) : undefined,
      stat: async () => undefined,
      listDirectory: async () => [],
    };
    const found = await check([CONFIG], host);
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/unknown-field'],
    );
  });

  it('asks each thing once', async () => {
    const host = new MemoryHost({
      ...WORLD,
      files: { ...WORLD.files, [CONFIG]: stream(DATASET, RUN, EVALUATE) },
    });
    await check([CONFIG], host);
    const questions = host.asked.map((each) => JSON.stringify(each));
    assert.equal(questions.length, 6);
    assert.equal(new Set(questions).size, questions.length);
  });

  it('stops when it is told to, between questions', async () => {
    const controller = new AbortController();
    class Slow extends MemoryHost {
      override async dataFacts() {
        controller.abort(new Error('another key was pressed'));
        return undefined;
      }
    }
    const host = new Slow({ ...WORLD, files: { ...WORLD.files, [CONFIG]: stream(DATASET, RUN) } });
    const project = await loadProject([CONFIG], host);
    await assert.rejects(
      checkProject(project, [CONFIG], host, { signal: controller.signal }),
      /another key was pressed/,
    );
    await assert.rejects(check([CONFIG], host, { signal: controller.signal }), /another key was pressed/);
  });

  it('parses a file again only when its text has changed', async () => {
    const cache = new Map();
    const host = new MemoryHost({ files: { [CONFIG]: DATASET } });
    await check([CONFIG], host, { cache });
    const first: unknown = cache.get(CONFIG);
    await check([CONFIG], host, { cache });
    assert.equal(cache.get(CONFIG), first);
    host.world.files[CONFIG] = `${DATASET}# more\n`;
    await check([CONFIG], host, { cache });
    assert.notEqual(cache.get(CONFIG), first);
  });
});
