import assert from 'node:assert/strict';
import type { CheckDiagnostic } from '../../protocol/check.ts';
import { toSarif } from './sarif.ts';

function diagnostic(file: string, code: string, change: Partial<CheckDiagnostic> = {}): CheckDiagnostic {
  const place = { line: 2, column: 3, endLine: 2, endColumn: 9 };
  return { file, ...place, severity: 'error', code, message: 'No.', fixes: [], ...change };
}

describe('toSarif', () => {
  const edit = { line: 2, column: 3, endLine: 2, endColumn: 9, newText: 'seed' };
  const log = toSarif(
    [
      diagnostic('/w/a b.tune.yaml', 'tune/unknown-field', {
        fixes: [{ title: 'Rename', edits: [{ file: '/w/a b.tune.yaml', ...edit }] }],
      }),
      diagnostic('/w/sub/c.tune.yaml', 'tune/batch-too-large', { severity: 'warning' }),
      diagnostic('/elsewhere/x.csv', 'data/bad-csv'),
      diagnostic('/w/sub/c.tune.yaml', 'tune/unknown-field', { severity: 'information' }),
    ],
    '/w',
  );
  const [run] = log.runs;

  it('has one rule for each code, which its results point to', () => {
    const rules = run?.tool.driver.rules ?? [];
    assert.deepEqual(
      rules.map(({ id }) => id),
      ['data/bad-csv', 'tune/batch-too-large', 'tune/unknown-field'],
    );
    for (const { ruleId, ruleIndex } of run?.results ?? []) assert.equal(rules[ruleIndex ?? -1]?.id, ruleId);
    assert.ok(rules.every(({ shortDescription, help }) => shortDescription?.text && help?.text));
    assert.deepEqual(
      rules.map((rule) => rule.defaultConfiguration?.level),
      ['error', 'warning', 'error'],
    );
  });

  it('names files by where they lie in the folder, and others whole', () => {
    assert.deepEqual(run?.originalUriBaseIds, { '%SRCROOT%': { uri: 'file:///w/' } });
    assert.deepEqual(
      run?.results?.map(({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation),
      [
        { uri: 'a%20b.tune.yaml', uriBaseId: '%SRCROOT%' },
        { uri: 'sub/c.tune.yaml', uriBaseId: '%SRCROOT%' },
        { uri: 'file:///elsewhere/x.csv' },
        { uri: 'sub/c.tune.yaml', uriBaseId: '%SRCROOT%' },
      ],
    );
  });

  it('carries severities and fixes', () => {
    assert.deepEqual(
      run?.results?.map(({ level }) => level),
      ['error', 'warning', 'error', 'note'],
    );
    const region = { startLine: 2, startColumn: 3, endLine: 2, endColumn: 9 };
    assert.deepEqual(run?.results?.[0]?.fixes, [
      {
        description: { text: 'Rename' },
        artifactChanges: [
          {
            artifactLocation: { uri: 'a%20b.tune.yaml', uriBaseId: '%SRCROOT%' },
            replacements: [{ deletedRegion: region, insertedContent: { text: 'seed' } }],
          },
        ],
      },
    ]);
    assert.equal(run?.results?.[1]?.fixes, undefined);
  });

  it('is a log without results where nothing is wrong', () => {
    const clean = toSarif([], '/w');
    assert.deepEqual(
      [clean.version, clean.runs[0]?.results, clean.runs[0]?.tool.driver.rules],
      ['2.1.0', [], []],
    );
  });
});
