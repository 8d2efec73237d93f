/**
 * What lm-evaluation-harness counts of a row of multiple choice (`ConfigurableTask.process_results`, 0.4.13): whether the choice with the
 * largest log-likelihood is right (`acc`), the largest for each character (`acc_norm`), and for each UTF-8 byte (`acc_bytes`). Of equals the
 * first counts, as in `numpy.argmax`.
 * @param sums `[choices]` log-likelihoods, in nats
 * @param gold places of the right choices
 */
export function scoreChoice(
  sums: readonly number[],
  choices: readonly string[],
  gold: readonly number[],
): Record<'acc' | 'acc_norm' | 'acc_bytes', number> {
  const right = (sizes: (choice: string) => number) => {
    const weighed = sums.map((sum, i) => sum / sizes(choices[i]!));
    return Number(gold.includes(weighed.indexOf(Math.max(...weighed))));
  };
  return {
    acc: right(() => 1),
    // Python counts code points.
    acc_norm: right((choice) => [...choice].length),
    acc_bytes: right((choice) => Buffer.byteLength(choice)),
  };
}
