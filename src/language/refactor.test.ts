import assert from 'node:assert/strict';
import { check } from './check.ts';
import { loadProject } from './load.ts';
import { findRefactorings } from './refactor.ts';
import { resolvedText } from './resolved-view.ts';
import { atCursor } from './testing/cursor-mark.ts';
import { CONFIG } from './testing/expect-problem.ts';
import { DATASET, RUN, stream, WORLD } from './testing/example.ts';
import { MemoryHost } from './testing/memory-host.ts';
import { toValue } from './node.ts';
import { parse } from './parse.ts';

/** The texts after each refactoring at the `|`, by the first word of its title. */
function refactor(marked: string): Record<string, string> {
  const { text, offset } = atCursor(marked);
  const found = findRefactorings(parse(CONFIG, text), offset);
  return Object.fromEntries(
    found.map(({ title, edits }) => {
      const ordered = [...edits].sort((a, b) => b.start - a.start || b.end - a.end);
      ordered.forEach((edit, index) =>
        assert.ok(edit.end <= (ordered[index - 1]?.start ?? Infinity), 'apart'),
      );
      const after = ordered.reduce(
        (all, edit) => all.slice(0, edit.start) + edit.newText + all.slice(edit.end),
        text,
      );
      return [title.split(' ')[0] ?? '', after];
    }),
  );
}

/** What the run means, without where it comes from. */
async function meaning(text: string): Promise<unknown> {
  const host = new MemoryHost({ files: { ...WORLD.files, [CONFIG]: text } });
  const project = await loadProject([CONFIG], host);
  const file = project.files.get(CONFIG);
  assert.ok(file);
  const documents = resolvedText(project, file)
    .replace(/ # .*$|^extends: .*\n/gm, '')
    .split('---\n');
  const found = documents.find((each) => each.startsWith('run: full\n')) ?? '';
  return parse('/x', found).documents.map(({ root }) => root && toValue(root));
}

async function problems(text: string): Promise<string[]> {
  const found = await check(
    [CONFIG],
    new MemoryHost({ ...WORLD, files: { ...WORLD.files, [CONFIG]: text } }),
  );
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

describe('make a sweep of this field', () => {
  it('puts half and twice of a number beside it', async () => {
    const run = `${RUN}train:\n  learning_rate: 5.0e-4\n`;
    const { Make } = refactor(stream(DATASET, run.replace('5.0', '5|.0')));
    assert.equal(
      Make,
      `${stream(DATASET, run)}---\nsweep: full-learning_rate\nrun: full\nover:\n  train.learning_rate: [2.5e-4, 5.0e-4, 0.001]\n`,
    );
    assert.deepEqual(await problems(Make ?? ''), []);
  });

  it('stays within the range, tries every choice, and finds a free name', () => {
    const at = (field: string) => refactor(`run: a\ntrain: { ${field} }`).Make?.split('over:\n  train.')[1];
    assert.equal(at('warmup_steps: 0|'), 'warmup_steps: [0]\n');
    assert.equal(at('per_device_train_batch_size: 1|'), 'per_device_train_batch_size: [1, 2]\n');
    assert.equal(at('tf|32: false'), undefined);
    assert.match(at('lr_scheduler|_type: linear') ?? '', /^lr_scheduler_type: \[linear, /);
    const twice = refactor('run: a\ntrain: { seed: |4 }\n---\nsweep: a-seed\nrun: a\n').Make;
    assert.match(
      twice ?? '',
      /seed: 4 }\n---\nsweep: a-seed-2\nrun: a\nover:\n {2}train.seed: \[2, 4, 8\]\n---\nsweep: a-seed\n/,
    );
  });

  it('is not offered on maps, names, wrong values and in other documents', () => {
    for (const marked of [
      'run: |a\n',
      'run: a\ntr|ain: { seed: 1 }\n',
      'run: a\ntrain: { seed: |x }\n',
      'dataset: a\nformat: t|ext\n',
    ])
      assert.equal(refactor(marked).Make, undefined, marked);
  });
});

describe('extract into defaults', () => {
  it('moves a field with its comments, and the run extends it', async () => {
    const run = `${RUN.replace('full', 'full # first')}train: # how\n  # slowly\n  learning_rate: 5.0e-4\n  seed: 3 # three\n`;
    const text = stream(DATASET, run);
    const { Extract } = refactor(text.replace('seed', 'se|ed'));
    assert.equal(
      Extract,
      `${stream(DATASET, RUN.replace('full', 'full # first\nextends: full-defaults'))}---\nrun: full-defaults\ntrain: # how\n  # slowly\n  learning_rate: 5.0e-4\n  seed: 3 # three\n`,
    );
    assert.deepEqual(await meaning(Extract ?? ''), await meaning(text));
    assert.deepEqual(await problems(Extract ?? ''), []);
  });

  it('puts itself between the run and what that extended', async () => {
    const text =
      'run: full\nextends: base\ntrain: { seed: 1 }\n---\nrun: base\ntrain: { weight_decay: 0.1 }\n';
    const { Extract } = refactor(text.replace('seed', '|seed'));
    assert.equal(
      Extract,
      'run: full\nextends: full-defaults\n---\nrun: full-defaults\nextends: base\ntrain: { seed: 1 }\n---\nrun: base\ntrain: { weight_decay: 0.1 }\n',
    );
    assert.deepEqual(await meaning(Extract ?? ''), await meaning(text));
  });

  it('works at the end of a file without a line break, and with Windows line breaks', () => {
    assert.equal(
      refactor('run: a\ntrain: { |seed: 1 }').Extract,
      'run: a\nextends: a-defaults\n---\nrun: a-defaults\ntrain: { seed: 1 }\n',
    );
    assert.equal(
      refactor('run: a\r\ntrain: { |seed: 1 }\r\nmodel: { base: x }').Extract,
      'run: a\r\nextends: a-defaults\r\nmodel: { base: x }\r\n---\r\nrun: a-defaults\r\ntrain: { seed: 1 }\r\n',
    );
  });

  it('is not offered where it would break something', () => {
    for (const marked of [
      '{ run: a, train: { s|eed: 1 } }\n',
      'run: a\nmodel: &m { base: x }\ndata: { <<: *m, train: |b }\n',
      'run: a\ntrain: { s|eed: 1\n',
      'run: a\nexten|ds: b\n',
      'run: a\nunknown: |1\n',
      'train: { s|eed: 1 }\n',
    ])
      assert.equal(refactor(marked).Extract, undefined, marked);
  });
});
