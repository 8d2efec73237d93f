/** Learning-rate schedules, number for number those of transformers' `get_scheduler`. */
export type ScheduleType =
  'linear' | 'cosine' | 'polynomial' | 'inverse_sqrt' | 'constant' | 'constant_with_warmup';

/** `warmup_steps` below 1 is a share of all steps, rounded up, as in transformers 5. */
export function warmupSteps(warmup_steps: number, totalSteps: number): number {
  return warmup_steps < 1 ? Math.ceil(totalSteps * warmup_steps) : warmup_steps;
}

/** Where `polynomial` ends, as a learning rate, and what `inverse_sqrt` takes for a warm-up of none: transformers' defaults. */
const [POLYNOMIAL_END, TIMESCALE] = [1e-7, 10_000];

/**
 * The factor on the learning rate for the step that follows `step` finished ones: 0 at the start of a warm-up.
 * @param peak the learning rate that the factor is of; `polynomial` ends at a rate, not at a share
 */
export function scheduleFactor(
  type: ScheduleType,
  step: number,
  warmup: number,
  total: number,
  peak = 1,
): number {
  if (type === 'constant') return 1;
  if (step < warmup) return step / Math.max(1, warmup);
  const progress = (step - warmup) / Math.max(1, total - warmup);
  switch (type) {
    case 'linear':
      return Math.max(0, (total - step) / Math.max(1, total - warmup));
    case 'cosine':
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    case 'polynomial':
      if (step > total || total === warmup) return POLYNOMIAL_END / peak;
      return ((peak - POLYNOMIAL_END) * (1 - progress) + POLYNOMIAL_END) / peak;
    case 'inverse_sqrt': {
      const timescale = warmup || TIMESCALE;
      return 1 / Math.sqrt((step + timescale - warmup) / timescale);
    }
    case 'constant_with_warmup':
      return 1;
  }
}
