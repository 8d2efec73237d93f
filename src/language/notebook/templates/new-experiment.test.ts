import assert from 'node:assert/strict';
import { check } from '../../check.ts';
import { MemoryHost } from '../../testing/memory-host.ts';
import { joinPieces, readPieces } from '../pieces.ts';
import { columnsOf, guessColumn } from './data-file.ts';
import { EXPERIMENTS, newExperiment } from './new-experiment.ts';

const PATH = '/w/new.tunebook.md';

describe('newExperiment', () => {
  for (const { kind } of EXPERIMENTS) {
    it(`gives a ${kind} notebook in which nothing is wrong`, async () => {
      for (const data of [undefined, { path: 'data/my file.jsonl', columns: [] }]) {
        const text = newExperiment(kind, data);
        const files = {
          [PATH]: text,
          '/w/data/train.csv': '',
          '/w/data/train.jsonl': '',
          '/w/data/my file.jsonl': '',
        };
        const found = await check([PATH], new MemoryHost({ files }));
        const serious = found.filter(({ severity }) => severity === 'error');
        assert.deepEqual(serious.map(({ line, code, message }) => `${line} ${code} ${message}`), []); // prettier-ignore
        assert.equal(joinPieces(readPieces(text)), text);
        assert.ok(readPieces(text).pieces.filter((piece) => piece.kind === 'cell').length >= 2);
      }
    });
  }

  it("takes the columns of the person's own file", () => {
    const csv = {
      path: 'rows.csv',
      columns: columnsOf('rows.csv', '"id","Review, long",Sentiment\r\n1,x,y\n'),
    };
    assert.deepEqual(csv.columns, ['id', 'Review, long', 'Sentiment']);
    const text = newExperiment('classify', csv);
    assert.match(text, /files: \{ train: rows\.csv \}/);
    assert.match(text, /label: Sentiment \}/);
    const pairs = {
      path: 'p.jsonl',
      columns: columnsOf('p.jsonl', '{"question":"q","chosen":"a","rejected":"b"}\n{'),
    };
    assert.match(
      newExperiment('preference', pairs),
      /\{ prompt: question, chosen: chosen, rejected: rejected \}/,
    );
  });
});

describe('columnsOf', () => {
  it('reads headers and first rows, and gives up on the rest', () => {
    assert.deepEqual(columnsOf('a.tsv', 'x\ty z\n'), ['x', 'y z']);
    assert.deepEqual(columnsOf('a.json', '[\n {"a": 1, "b": "c"},'), ['a', 'b']);
    assert.deepEqual(columnsOf('a.jsonl', 'no json'), []);
    assert.deepEqual(columnsOf('a.txt', 'a,b'), []);
    assert.equal(guessColumn('label', { path: 'a', columns: [] }), 'label');
  });
});
