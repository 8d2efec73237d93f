import assert from 'node:assert/strict';
import { loadProject } from './load.ts';
import { parse } from './parse.ts';
import { resolvedText } from './resolved-view.ts';
import { MemoryHost } from './testing/memory-host.ts';

async function resolved(text: string, files: Record<string, string> = {}): Promise<string> {
  const path = '/w/a.tune.yaml';
  const project = await loadProject([path], new MemoryHost({ files: { [path]: text, ...files } }));
  const file = project.files.get(path);
  assert.ok(file);
  const shown = resolvedText(project, file);
  assert.deepEqual(parse(path, shown).syntax, [], shown);
  return shown;
}

describe('resolvedText', () => {
  it('fills in what a document inherits, its defaults and its paths, and says where they come from', async () => {
    const shown = await resolved(
      'run: a\nextends: small\nmodel: { base: ./m }\ndata: { train: d.train }\ntrain:\n  seed: 7\n---\nrun: small\nextends: b.tune.yaml#base\ntrain: { weight_decay: 0.1 }\n',
      { '/w/b.tune.yaml': 'run: base\nmodel: { task: fill-mask }\ntrain: { learning_rate: 3e-4 }\n' },
    );
    const [first = ''] = shown.split('---\n');
    for (const line of [
      'run: a\n',
      '\nextends: small\n',
      '\nmodel:\n  task: fill-mask # from b.tune.yaml#base\n  base: /w/m\n',
      '\n  learning_rate: 3.0e-4 # from b.tune.yaml#base\n',
      '\n  weight_decay: 0.1 # from small\n',
      '\n  seed: 7\n',
      '\n  num_train_epochs: 3 # default\n',
      '\n  max_length: 128 # default\n',
    ]) {
      assert.ok(`\n${first}`.includes(line), `${line} is not in\n${first}`);
    }
    assert.ok(!/\blora\b/.test(first), 'of a choice nothing is made up');
  });

  it('writes data sets and evaluations', async () => {
    const shown = await resolved(
      'dataset: d\nfiles: { train: [x.csv, "hf:a/b"] }\nformat: text\n---\nevaluate: e\ndata: d.train\ncandidates: { x: { model: m } }\n',
    );
    assert.match(shown, /files:\n {2}train: \["?\/w\/x\.csv"?, "?hf:a\/b"?\]\n/);
    assert.ok(shown.includes('candidates:\n  x:\n    model: /w/m\n'), shown);
    assert.ok(shown.includes('sample_by: line # default\n'), shown);
  });

  it('shows a broken file as far as it can be read', async () => {
    assert.match(await resolved('run: a\nmodel {\ntrain: { seed: 3 }\n'), /^run: a\n[^]*seed: 3\n/);
    assert.equal(
      await resolved('model: { base: x }\n'),
      '# Document 1 has no kind: nothing is known of it.\n',
    );
    assert.equal(await resolved(''), '');
  });
});
