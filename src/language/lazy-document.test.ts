import assert from 'node:assert/strict';
import { identify } from './identify.ts';
import { LazyDocument } from './lazy-document.ts';
import { parse } from './parse.ts';
import { readHeader } from './read-header.ts';
import type { Recovered } from './recover.ts';
import { FUZZ_CORPUS } from './testing/fuzzing/corpus.ts';
import { applied, mutation } from './testing/fuzzing/mutate.ts';
import { Seeded } from './testing/fuzzing/seeded.ts';

const PATH = '/w/a.tune.yaml';

describe('a document that is read when it is needed', () => {
  it('is told by its first line, and not read before it is asked what it holds', () => {
    const source = '# ours\nrun: small\nextends: base\n';
    const sound = new Map<string, Recovered>();
    const place = { file: parse(PATH, source), index: 0, start: 0, end: source.length, source, copy: 0 };
    const document = new LazyDocument(place, sound);
    assert.deepEqual(
      [document.kind, document.name, document.isEmpty, sound.size],
      ['run', 'small', false, 0],
    );
    assert.equal(document.header?.name, 'run');
    assert.equal(sound.size, 1);
  });

  it('is the same as when it is read, however it is written', () => {
    let plain = 0;
    for (let seed = 1; seed <= 500; seed++) {
      const random = new Seeded(seed);
      let text = random.pick(FUZZ_CORPUS);
      for (let changes = random.below(4); changes > 0; changes--)
        text = applied(text, mutation(text, random));
      for (const document of parse(PATH, text).documents) {
        if (readHeader(document.source)) plain++;
        const { kind, name } = identify(document.root);
        // A line that cannot be read is taken away, and what stood below it may go on with the name.
        if (document.broken) continue;
        assert.deepEqual(
          [document.kind, document.name],
          [kind, name],
          `seed ${seed}: ${JSON.stringify(document.source)}`,
        );
      }
    }
    assert.ok(plain > 300, `only ${plain} of them were plain`);
  });

  it('is told by its lines where those are plain, and nowhere else', () => {
    const told = (source: string) => readHeader(source)?.name;
    assert.equal(told('---\nrun: a # mine\ntrain:\n  seed: 1\n'), 'a');
    assert.equal(told('sweep: a\nrun: b\n'), 'a');
    assert.equal(told('evaluate: a\nmetrics:\n- accuracy\n'), 'a');
    assert.equal(told('run: a\n'.replaceAll('\n', '\r\n')), 'a');
    for (const source of [
      'seed: 1\nrun: a\n',
      'run: a\ndata: [b,\nc]\n',
      'run: a\nrun: b\n',
      'run: a\n  b\n',
      'run: a\n- b\n',
      'run: true\n',
      'run: "a"\n',
      'run: a\n"dataset": b\n',
      'run: a\n<<: *b\n',
      'run: a\rdataset: b\n',
      'run: a\u0085dataset: b\n',
      '%YAML 1.2\n---\nrun: a\n',
      'run: |\n  a\n',
      '',
    ]) {
      assert.equal(told(source), undefined, JSON.stringify(source));
    }
  });
});
