import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DiskHost } from '../trainer/host.ts';
import { check } from './check.ts';
import { diagnose, expectProblem, summary } from './testing/expect-problem.ts';
import { DATASET, RUN, stream } from './testing/example.ts';

const TEXT = stream(DATASET, RUN);
const WRONG = `${TEXT}train: { sed: 1 }\n`;

describe('check, on texts as they come', () => {
  it('reads line breaks of Windows and a byte-order mark, and places and fixes what is wrong', async () => {
    const lf = await diagnose(WRONG);
    const [found, ...others] = await diagnose(`\uFEFF${WRONG.replaceAll('\n', '\r\n')}`);
    assert.deepEqual(others, []);
    assert.ok(found && lf[0]);
    assert.equal(found.message, lf[0].message);
    assert.deepEqual([found.line, found.column], [lf[0].line, lf[0].column]);
  });

  it('says of a tab in the indentation where it is, and reads on', async () => {
    const found = await diagnose(`${TEXT}train:\n\tseed: -1\n`);
    assert.deepEqual(
      found.map(({ code, line }) => [code, line]),
      [
        ['tune/syntax', 10],
        ['tune/out-of-range', 10],
      ],
    );
    assert.match(found[0]?.message ?? '', /tab/i);
  });

  it('says of a field that stands twice which one counts for nothing', () =>
    expectProblem(`${TEXT}train: { seed: 1, «seed»: 2 }\n`, {
      code: 'tune/duplicate-field',
      message: '`seed` stands in line 9 already. Remove one of the two.',
      fix: 'Remove this seed',
    }));

  it('follows anchors, aliases and merge keys, and tells what is wrong with them where it is written', async () => {
    const right = stream(
      DATASET,
      `${RUN}train: &settings { seed: 1, learning_rate: 1.0e-4 }\n`,
      RUN.replace('full', 'other').concat('train:\n  <<: { seed: 2 }\n  weight_decay: 0.1\n'),
    );
    assert.deepEqual((await diagnose(right)).map(summary), []);
    const wrong = `${TEXT}vars: { a: &rate -1 }\ntrain: { learning_rate: *rate, seed: "\${vars.a}" }\n`;
    const found = await diagnose(wrong);
    assert.deepEqual(found.map(({ code }) => code).sort(), ['tune/out-of-range', 'tune/out-of-range']);
  });

  it('is soon done with aliases of aliases, wherever they stand', async () => {
    const bomb = (inside: string) => {
      const names = Array.from({ length: 30 }, (_, index) => `a${index}`);
      const lines = names.map((name, index) =>
        index === 0
          ? `  ${name}: &${name} ["\${vars.x}", "\${vars.x}"]`
          : `  ${name}: &${name} [*a${index - 1}, *a${index - 1}]`,
      );
      return `${TEXT}${inside}:\n${lines.join('\n')}\n`;
    };
    for (const inside of ['vars', 'train', 'model', 'anything']) {
      assert.ok((await diagnose(bomb(inside))).length > 0, inside);
    }
  });
});

describe('check, on files as they come', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tunebook-bad-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

  async function problems(): Promise<string[]> {
    const found = await check([join(folder, 'a.tune.yaml')], new DiskHost(folder));
    return found.map(
      ({ file, line, column, code, message }) =>
        `${relative(folder, file)}:${line}:${column} ${code}: ${message}`,
    );
  }

  it('does not read a file of 50 MB', async () => {
    write('a.tune.yaml', Buffer.alloc(50 * 2 ** 20, 'run: a\n'));
    const found = await problems();
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /tune\/file: .*50 MB/);
  });

  it('says in which line a file is not UTF-8', async () => {
    write('a.tune.yaml', Buffer.concat([Buffer.from('run: a\n# caf'), Buffer.from([0xe9, 10])]));
    assert.deepEqual(await problems(), [
      'a.tune.yaml:1:1 tune/file: This config file cannot be read. It is not UTF-8: line 2 holds bytes that are no text. Save it as UTF-8.',
    ]);
  });

  it('takes a path that leaves the workspace for what it is', async () => {
    const path = `${'../'.repeat(40)}no-such-folder/a.csv`;
    write('a.tune.yaml', `dataset: d\nfiles: { train: ${path} }\nformat: text\n`);
    assert.deepEqual(await problems(), [
      `a.tune.yaml:2:17 tune/missing-file: There is no file \`${path}\`. Correct the path; it is relative to this file.`,
    ]);
    write('a.tune.yaml', `run: r\nextends: ${'../'.repeat(40)}no-such-folder/b.tune.yaml#a\n`);
    assert.match(
      (await problems()).join('\n'),
      /tune\/unknown-reference: `.*b\.tune\.yaml` cannot be read\. There is no such file\./,
    );
  });

  it('says that a folder may not be looked into, and not that its files are missing', async function () {
    const { seteuid, geteuid } = process;
    if (!seteuid || !geteuid) this.skip();
    mkdirSync(join(folder, 'secret'));
    write('secret/a.txt', 'text\n');
    write('a.tune.yaml', 'dataset: d\nfiles: { train: secret/a.txt }\nformat: text\n');
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'secret'), 0o000);
    const self = geteuid();
    try {
      // Root may look into everything.
      if (self === 0) seteuid(65534);
      assert.deepEqual(await problems(), [
        'a.tune.yaml:2:17 tune/unreadable: You have no permission to read `secret/a.txt`: a folder on its way may not be looked into. Give yourself permission, or name a copy.',
      ]);
    } finally {
      if (self === 0) seteuid(0);
      chmodSync(join(folder, 'secret'), 0o755);
    }
  });

  it('says the same of a model', () =>
    expectProblem(
      TEXT.replace('base: base', 'base: «./closed/base»'),
      {
        code: 'tune/unreadable',
        message:
          'You have no permission to read `./closed/base`: a folder on its way may not be looked into. Give yourself permission, or name a copy.',
      },
      { unreadable: ['/w/closed'] },
    ));
});
