import type { ScheduleArguments, ScheduleType } from '../../language/schema/schedule.ts';

/** How the learning rate goes over a run. */
export interface Schedule {
  readonly type: ScheduleType;
  /** Optimizer steps of the warm-up, and of the run with it. */
  readonly warmup: number;
  readonly total: number;
  /** The learning rate that the factors are of: some schedules end at a rate, not at a share. */
  readonly peak: number;
  readonly kwargs?: ScheduleArguments | null;
}

/** `warmup_steps` below 1 is a share of all steps, rounded up, as in transformers 5. */
export function warmupSteps(warmup_steps: number, totalSteps: number): number {
  return warmup_steps < 1 ? Math.ceil(totalSteps * warmup_steps) : warmup_steps;
}

/**
 * The factor on the learning rate for the step that follows `step` finished ones, number for number that of transformers'
 * `get_scheduler`: 0 at the start of a warm-up.
 */
export function scheduleFactor(schedule: Schedule, step: number): number {
  const { type, warmup, total, peak } = schedule;
  const kwargs = schedule.kwargs ?? {};
  if (type === 'constant') return 1;
  if (type === 'warmup_stable_decay') return warmupStableDecay(schedule, kwargs, step);
  if (type === 'cosine_warmup_with_min_lr') return cosineFromRate(schedule, kwargs, step);
  if (step < warmup) return step / Math.max(1, warmup);
  const progress = (step - warmup) / Math.max(1, total - warmup);
  const { num_cycles = 0.5 } = kwargs;
  switch (type) {
    case 'linear':
      return Math.max(0, (total - step) / Math.max(1, total - warmup));
    case 'cosine':
      return lowered(wave(num_cycles, progress), 0);
    case 'cosine_with_min_lr':
      return lowered(wave(num_cycles, progress), lowest(kwargs, peak));
    case 'cosine_with_restarts':
      if (progress >= 1) return 0;
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (((kwargs.num_cycles ?? 1) * progress) % 1))));
    case 'polynomial': {
      const { lr_end = 1e-7, power = 1 } = kwargs;
      if (step > total || total === warmup) return lr_end / peak;
      return ((peak - lr_end) * (1 - progress) ** power + lr_end) / peak;
    }
    case 'inverse_sqrt': {
      const timescale = kwargs.timescale ?? (warmup || 10_000);
      return 1 / Math.sqrt((step + timescale - warmup) / timescale);
    }
    case 'constant_with_warmup':
      return 1;
  }
}

/** A warm-up that begins above zero, and a cosine that is one step ahead of the others. */
function cosineFromRate({ warmup, total, peak }: Schedule, kwargs: ScheduleArguments, step: number): number {
  const { num_cycles = 0.5, warmup_lr_rate } = kwargs;
  if (step < warmup) {
    if (warmup_lr_rate === undefined) return (step + 1) / Math.max(1, warmup);
    return warmup_lr_rate + ((1 - warmup_lr_rate) * step) / Math.max(1, warmup - 1);
  }
  const progress = (step - warmup + 1) / Math.max(1, total - warmup);
  return lowered(wave(num_cycles, progress), lowest(kwargs, peak));
}

function warmupStableDecay({ warmup, total }: Schedule, kwargs: ScheduleArguments, step: number): number {
  const { num_decay_steps = 0, warmup_type = 'linear', decay_type = 'cosine', min_lr_ratio = 0 } = kwargs;
  const { num_stable_steps = total - warmup - num_decay_steps, num_cycles = 0.5 } = kwargs;
  if (step < warmup) {
    const progress = step / Math.max(1, warmup);
    const rising = {
      linear: progress,
      cosine: 0.5 * (1 - Math.cos(Math.PI * progress)),
      '1-sqrt': 1 - Math.sqrt(1 - progress),
    };
    return lowered(rising[warmup_type], min_lr_ratio);
  }
  if (step < warmup + num_stable_steps) return 1;
  if (step >= warmup + num_stable_steps + num_decay_steps) return min_lr_ratio;
  const progress = (step - warmup - num_stable_steps) / Math.max(1, num_decay_steps);
  const falling = {
    linear: 1 - progress,
    cosine: wave(num_cycles, progress),
    '1-sqrt': 1 - Math.sqrt(progress),
  };
  return lowered(falling[decay_type], min_lr_ratio);
}

/** From 1 down and up again, once for each cycle. */
function wave(cycles: number, progress: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));
}

/** A factor between 0 and 1 as one between a lowest one and 1. */
function lowered(factor: number, lowestFactor: number): number {
  return Math.max(0, factor * (1 - lowestFactor) + lowestFactor);
}

function lowest({ min_lr, min_lr_rate = 0 }: ScheduleArguments, peak: number): number {
  return min_lr === undefined ? min_lr_rate : min_lr / peak;
}
