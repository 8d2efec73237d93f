import assert from 'node:assert/strict';
import type { Log } from 'sarif';
import type { CheckDiagnostic } from '../../src/protocol/check.ts';
import { parseLines, type Ended } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

/** A misspelt field, a wrong type, a missing column, a label count that does not fit, and a broken YAML line. */
const FIVE = `dataset: rows
files: { train: data/train.csv }
format: classification
columns: { text: text, label: category }
---
run: tiny
model: { base: model, task: text-classification, num_labels: 7 }
data: { train: good.train, max_length: 32 }
train:
  learnin_rate: 5.0e-4
  num_train_epochs: "3"
---
dataset: good
files: { train: data/train.csv }
format: classification
columns: { text: text, label: label }
---
run: other
extends: tiny
train
`;

describe('tunebook check', () => {
  const space = workspace();

  it('finds five mistakes in one go, each with place, code, sentence and fix, and starts nothing', async () => {
    space.at.write('five.tune.yaml', FIVE);
    const { code, stdout, stderr } = await space.at.run('check', 'five.tune.yaml');
    assert.equal(code, 1);
    assert.equal(stderr, '');
    const heads = [...stdout.matchAll(/^five\.tune\.yaml:(\d+):(\d+): error: (.+[.?]) \[(.+)\]$/gm)];
    assert.deepEqual(
      heads.map(([, line, column, , id]) => `${line}:${column} ${id}`),
      [
        '4:31 tune/missing-column',
        '7:62 tune/label-count',
        '10:3 tune/unknown-field',
        '11:21 tune/wrong-type',
        '20:1 tune/syntax',
      ],
    );
    assert.equal([...stdout.matchAll(/^ {2}fix: /gm)].length >= 5, true, stdout);
    assert.match(stdout, /^ {4}4 \| columns: \{ text: text, label: category \}\n {6}\| {31}\^{8}$/m);
    assert.match(stdout, /5 errors in five\.tune\.yaml\.\n$/);
    assert.deepEqual(space.at.runs(), []);
  });

  it('gives them to code hosts as SARIF', async () => {
    space.at.write('five.tune.yaml', FIVE);
    const { code, stdout, stderr } = await space.at.run('check', 'five.tune.yaml', '--sarif');
    assert.equal(code, 1, stderr);
    // SAFETY: the command says that this is what it prints; the assertions below fail otherwise.
    const { version, runs } = JSON.parse(stdout) as Log;
    assert.equal(version, '2.1.0');
    assert.deepEqual(
      runs[0]?.results?.map(({ ruleId, locations }) => [
        ruleId,
        locations?.[0]?.physicalLocation?.artifactLocation?.uri,
        locations?.[0]?.physicalLocation?.region?.startLine,
      ]),
      [
        ['tune/missing-column', 'five.tune.yaml', 4],
        ['tune/label-count', 'five.tune.yaml', 7],
        ['tune/unknown-field', 'five.tune.yaml', 10],
        ['tune/wrong-type', 'five.tune.yaml', 11],
        ['tune/syntax', 'five.tune.yaml', 20],
      ],
    );
    const both = await space.at.run('check', 'five.tune.yaml', '--sarif', '--json');
    assert.deepEqual([both.code, both.stdout], [2, '']);
  });

  it('gives them to programs, one object a line, with edits that mend them', async () => {
    const file = space.at.write('five.tune.yaml', FIVE);
    const { code, stdout } = await space.at.run('check', 'five.tune.yaml', '--json');
    assert.equal(code, 1);
    const found = diagnostics({ stdout });
    assert.equal(found.length, 5);
    for (const each of found) {
      assert.deepEqual(Object.keys(each).sort(), [
        'code',
        'column',
        'endColumn',
        'endLine',
        'file',
        'fixes',
        'line',
        'message',
        'severity',
      ]);
      assert.equal(each.file, file);
      assert.ok(each.fixes.length > 0, `${each.code} has a fix`);
      assert.ok(each.endLine > each.line || each.endColumn > each.column);
    }
    space.at.write('five.tune.yaml', applyFirstFixes(FIVE, found));
    const after = await space.at.run('check', 'five.tune.yaml', '--json');
    assert.deepEqual(
      diagnostics(after).filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  it('says that nothing is wrong', async () => {
    space.at.config();
    assert.deepEqual(await space.at.run('check', 'intents.tune.yaml'), {
      code: 0,
      signal: null,
      stdout: 'No problems in intents.tune.yaml.\n',
      stderr: '',
    });
    assert.equal((await space.at.run('check', '.', '--json')).stdout, '');
  });

  it('exits with 0 on warnings alone', async () => {
    space.at.config({ train: { warmup_steps: 50 } });
    const { code, stdout } = await space.at.run('check', 'intents.tune.yaml');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /warning: .* \[tune\/warmup-too-long\]/);
    assert.match(stdout, /^1 warning in /m);
  });

  it('checks every config of a folder, and several files', async () => {
    space.at.config();
    space.at.write('five.tune.yaml', FIVE);
    for (const args of [['.'], ['intents.tune.yaml', 'five.tune.yaml']]) {
      const { code, stdout } = await space.at.run('check', ...args);
      assert.equal(code, 1);
      assert.match(stdout, /5 errors in 2 files\.\n$/);
    }
    const none = await space.at.run('check', 'data');
    assert.equal(none.code, 1);
    assert.match(none.stderr, /holds no \*\.tune\.yaml and no \*\.tunebook\.md file/);
  });

  it('names a file that is not there, or is no UTF-8', async () => {
    space.at.write('latin.tune.yaml', Buffer.from('dataset: caf\xe9\n', 'latin1'));
    const { code, stdout } = await space.at.run('check', 'missing.tune.yaml', 'latin.tune.yaml');
    assert.equal(code, 1);
    assert.match(stdout, /latin\.tune\.yaml:1:1: error: .*UTF-8.* \[tune\/file\]/);
    assert.match(stdout, /missing\.tune\.yaml:1:1: error: .* \[tune\/file\]/);
  });

  it('shows the line of a data file that is wrong, and nothing that a terminal would obey', async () => {
    space.at.config();
    space.at.write('data/train.csv', 'text,label\nlo lo,alpha\n"\u001b[31mred\u0007,alpha\n');
    const { code, stdout } = await space.at.run('check', 'intents.tune.yaml');
    assert.equal(code, 1);
    assert.match(stdout, /train\.csv:3/);
    assert.ok(!stdout.includes('\u0007') && !stdout.includes('\u001b'));
  });

  it('refuses to run what it finds wrong, in words and as JSON', async () => {
    space.at.write('five.tune.yaml', FIVE);
    const words = await space.at.run('run', 'five.tune.yaml', 'tiny');
    assert.equal(words.code, 1);
    assert.equal(words.stdout, '');
    assert.match(words.stderr, /\[tune\/unknown-field\]/);
    assert.match(words.stderr, /3 errors, 2 warnings in five\.tune\.yaml\. Nothing was started\.\n$/);
    const json = await space.at.run('run', 'five.tune.yaml', 'tiny', '--json');
    assert.equal(json.code, 1);
    assert.deepEqual([...new Set(parseLines(json.stdout).map(({ type }) => type))], ['diagnostic']);
    assert.deepEqual(space.at.runs(), []);
  });
});

function diagnostics({ stdout }: Pick<Ended, 'stdout'>): CheckDiagnostic[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      // SAFETY: the fields are asserted by the tests.
      return JSON.parse(line) as CheckDiagnostic;
    });
}

/** Applies the first fix of each diagnostic, from the end of the text to its start. */
function applyFirstFixes(text: string, found: readonly CheckDiagnostic[]): string {
  const lines = text.split('\n');
  const offset = (line: number, column: number) =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  const edits = found.flatMap(({ fixes }) => fixes[0]?.edits ?? []);
  return edits
    .map((edit) => ({
      start: offset(edit.line, edit.column),
      end: offset(edit.endLine, edit.endColumn),
      newText: edit.newText,
    }))
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}
