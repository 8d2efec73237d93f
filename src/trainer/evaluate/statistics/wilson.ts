import { criticalValue } from './normal.ts';

/**
 * Wilson's score interval for a proportion: statsmodels' `proportion_confint(k, n, method='wilson')`.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 *
 * @param successes from 0 to `n`
 * @param n examples, at least 1
 * @param confidence 0.95 unless told
 */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): [low: number, high: number] {
  if (!(n > 0) || successes < 0 || successes > n)
    throw new RangeError(`${successes} of ${n} is no proportion.`);
  const z = criticalValue(confidence);
  const share = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = (share + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [successes === 0 ? 0 : Math.max(0, centre - half), successes === n ? 1 : Math.min(1, centre + half)];
}
