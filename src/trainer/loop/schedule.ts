/** Learning-rate schedules, number for number those of transformers' `get_scheduler`. */
export type ScheduleType = 'linear' | 'cosine' | 'constant' | 'constant_with_warmup';

/** `warmup_steps` below 1 is a share of all steps, rounded up, as in transformers 5. */
export function warmupSteps(warmup_steps: number, totalSteps: number): number {
  return warmup_steps < 1 ? Math.ceil(totalSteps * warmup_steps) : warmup_steps;
}

/**
 * The factor on the learning rate for the step that follows `step` finished ones: 0 at the start of a warm-up.
 * @throws RangeError for a schedule that is not known
 */
export function scheduleFactor(type: ScheduleType, step: number, warmup: number, total: number): number {
  if (type === 'constant') return 1;
  if (step < warmup) return step / Math.max(1, warmup);
  const progress = (step - warmup) / Math.max(1, total - warmup);
  switch (type) {
    case 'linear':
      return Math.max(0, (total - step) / Math.max(1, total - warmup));
    case 'cosine':
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    case 'constant_with_warmup':
      return 1;
  }
}
