import fc from 'fast-check';

/** The answers of two candidates to the same examples; label indices, all of one length. */
export interface GeneratedAnswers {
  labels: string[];
  references: Int32Array;
  a: Int32Array;
  b: Int32Array;
}

/** Answers at random, the ugly ones among them: one example, one label, candidates that are always right or wrong. */
export function generatedAnswers(
  largest: { examples?: number; labels?: number } = {},
): fc.Arbitrary<GeneratedAnswers> {
  const { examples = 40, labels = 5 } = largest;
  return fc.integer({ min: 1, max: labels }).chain((count) => {
    const label = fc.nat(count - 1);
    const answer = fc.tuple(label, fc.option(label), fc.option(label));
    return fc.array(answer, { minLength: 1, maxLength: examples }).map((rows) => ({
      labels: Array.from({ length: count }, (_, i) => `label-${i}`),
      references: Int32Array.from(rows, ([reference]) => reference),
      // Half of all answers are right, so that candidates agree often.
      a: Int32Array.from(rows, ([reference, a]) => a ?? reference),
      b: Int32Array.from(rows, ([reference, , b]) => b ?? reference),
    }));
  });
}
