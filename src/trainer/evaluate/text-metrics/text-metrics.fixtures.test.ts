import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentenceBleu } from './bleu.ts';
import { stem } from './porter.ts';
import { rouge, type RougeType } from './rouge.ts';
import { normalizeAnswer } from './squad.ts';
import { scoreTexts, TEXT_METRICS, type TextMetricName } from './text-metrics.ts';
import { tokenize13a } from './tokenize-13a.ts';

type Scores = Record<'exact_match' | 'token_f1' | 'bleu' | 'chrf' | 'chrf++', number>;
type Rouge = Record<RougeType, [precision: number, recall: number, fmeasure: number]>;

interface Case extends Scores {
  output: string;
  references: string[];
  normalized: string;
  tokens_13a: string;
  rouge: Rouge;
  rouge_stem: Rouge;
}

interface Corpus extends Scores, Record<RougeType, number> {
  name: string;
  outputs: string[];
  references: string[];
}

const { cases, corpora } = read<{ cases: Case[]; corpora: Corpus[] }>('cases');
const { stems } = read<{ stems: [word: string, stem: string][] }>('stems');

const ROUGE_TYPES = ['rouge1', 'rouge2', 'rougeL'] as const;
const NAMES = ['exact_match', 'token_f1', 'bleu', 'chrf', 'chrf++'] as const;

/** What rouge-score, sacrebleu, NLTK and transformers say: a file of python/make_text_metric_fixtures.py. */
function read<T>(name: string): T {
  const file = join(import.meta.dirname, '../../../../test/fixtures/text-metrics', `${name}.json`);
  // SAFETY: the script wrote the file, and the types above name its fields.
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** Equal but for the last bit or two of `exp` and `log`, which C and JavaScript may round otherwise. */
function assertSame(ours: number, theirs: number, what: string): void {
  assert.ok(Math.abs(ours - theirs) <= 1e-14 * Math.abs(theirs), `${what}: ours ${ours}, theirs ${theirs}`);
}

function scoreOne(name: TextMetricName, output: string, references: string[]): number {
  const metric = TEXT_METRICS[name];
  return metric.score(metric.statistics(output, references));
}

describe('text metrics: one example', () => {
  for (const theirs of cases) {
    const { output, references } = theirs;
    it(`${JSON.stringify(output.slice(0, 40))} scores as in the reference libraries`, () => {
      assert.equal(normalizeAnswer(output), theirs.normalized);
      assert.equal(tokenize13a(output).join(' '), theirs.tokens_13a);
      for (const name of NAMES) assertSame(scoreOne(name, output, references), theirs[name], name);
      assert.equal(sentenceBleu(output, references), scoreOne('bleu', output, references));
      for (const type of ROUGE_TYPES) {
        assert.equal(scoreOne(type, output, references), theirs.rouge[type][2], type);
        assert.equal(
          scoreOne(`${type}_stem`, output, references),
          theirs.rouge_stem[type][2],
          `${type} stems`,
        );
        if (references.length > 1) continue;
        for (const useStemmer of [false, true]) {
          const { precision, recall, fmeasure } = rouge(type, output, references[0] ?? '', { useStemmer });
          const expected = useStemmer ? theirs.rouge_stem[type] : theirs.rouge[type];
          assert.deepEqual([precision, recall, fmeasure], expected);
        }
      }
    });
  }
});

describe('text metrics: a corpus', () => {
  for (const theirs of corpora) {
    it(`${theirs.name}: the values are those of the reference libraries`, () => {
      const references = theirs.references.map((reference) => [reference]);
      for (const name of [...NAMES, ...ROUGE_TYPES])
        assertSame(scoreTexts(TEXT_METRICS[name], theirs.outputs, references), theirs[name], name);
    });
  }
});

describe('text metrics: stems', () => {
  it(`of ${stems.length} words are NLTK's`, () => {
    for (const [word, theirs] of stems) assert.equal(stem(word), theirs, word);
  });
});
