/**
 * Probability of at most `k` successes in `n` trials that each succeed with probability `p`. Sums the terms relative to the
 * most likely one, so that it needs no factorials and stays exact for large `n`; time grows with √n · √(p(1-p)).
 */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  if (p <= 0) return 1;
  if (p >= 1) return 0;
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  let below = mode <= k ? 1 : 0;
  let above = mode <= k ? 0 : 1;
  for (let i = mode, weight = 1; i > 0 && weight > 0; i--) {
    weight *= i / ((n - i + 1) * odds);
    if (i - 1 <= k) below += weight;
    else above += weight;
  }
  for (let i = mode, weight = 1; i < n && weight > 0; i++) {
    weight *= ((n - i) * odds) / (i + 1);
    if (i + 1 <= k) below += weight;
    else above += weight;
  }
  return below / (below + above);
}
