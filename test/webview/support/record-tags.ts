import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../../../src/protocol/run.ts';
import { RecordLog } from '../../../src/trainer/evaluate/record-log.ts';
import {
  describeSpans,
  placeSpans,
  readerOf,
  textOfWords,
} from '../../../src/trainer/evaluate/tags/spans.ts';
import { summariseTags } from '../../../src/trainer/evaluate/tags/summarise.ts';
import { beginRun, finish, type RecordedRun } from './record-run.ts';

const LABELS = ['B-group', 'B-place', 'I-group', 'I-place', 'O'];

/** Sentences with their right tags, and with those of the candidates: an end that is wrong, one that is missed, one too many. */
const SENTENCES = [
  {
    words: 'We met in New York with ESPN 😀',
    right: 'O O O B-place I-place O B-group O',
    base: 'O O O B-place O O O O',
    tuned: 'O O O B-place I-place O B-group O',
  },
  {
    words: 'nothing <b> here & there',
    right: 'O O O O O',
    base: 'B-group O O O O',
    tuned: 'O O O O O',
  },
  { words: 'Paris and Rome', right: 'B-place O B-place', base: 'B-group O O', tuned: 'B-place O B-group' },
].map(({ words, ...tags }) => ({
  words: words.split(' '),
  tags: Object.fromEntries(Object.entries(tags).map(([name, own]) => [name, own.split(' ')])),
}));

/** Writes the directory of an evaluation of two taggers as the trainer does. */
export function recordTags(workspace: string, rows = 60): RecordedRun {
  const run = beginRun(workspace, { name: 'is-it-worth-it', kind: 'evaluate' });
  const names = ['base', 'tuned'];
  const source = (name: string) => ({ folder: join(workspace, name) });
  const measured = Object.fromEntries(
    names.map((name) => [name, { ...source(name), maxLength: 64, files: [] }]),
  );
  writeFileSync(
    join(run.dir, RUN_FILES.candidates),
    JSON.stringify({ data: 'names.test', examples: rows, labels: LABELS, candidates: measured }),
  );
  const read = readerOf(LABELS);
  const sentences = Array.from({ length: rows }, (_, i) => SENTENCES[i % SENTENCES.length]!);
  const log = new RecordLog(join(run.dir, RUN_FILES.records));
  for (const name of names)
    log.append(
      sentences.map(({ words, tags }, index) => {
        const input = textOfWords(words);
        const [spans, own] = [tags['right']!, tags[name]!].map((each) => placeSpans(words, read(each)));
        const output = describeSpans(input, own!);
        const reference = describeSpans(input, spans!);
        const correct = JSON.stringify(own) === JSON.stringify(spans);
        const answer = { output, correct, score: 0.9, latency: 2, scores: { accuracy: 0.5 }, spans: own! };
        const source = `data/test.conll:${9 * index + 1}`;
        return { index, source, input, reference, spans: spans!, outputs: { [name]: answer } };
      }),
    );
  log.close();
  const places = (name: string) =>
    sentences.map(({ tags }) => Int32Array.from(tags[name]!, (tag) => LABELS.indexOf(tag)));
  const result = {
    ...summariseTags({
      data: 'names.test',
      labels: LABELS,
      references: places('right'),
      candidates: names.map((name) => ({
        name,
        tags: places(name),
        latencies: new Float64Array(rows).fill(2),
      })),
      metrics: ['f1', 'precision', 'recall', 'accuracy'],
      seed: 42,
    }),
    sources: {
      base: {
        ...source('base'),
        notes: ['4 words in 1 row count as missed: beyond the 64 tokens that it reads.'],
      },
      tuned: source('tuned'),
    },
  };
  writeFileSync(join(run.dir, RUN_FILES.result), JSON.stringify(result));
  run.writer.event({ type: 'evaluation', name: 'is-it-worth-it', result });
  finish(run);
  return run;
}
