import type { ResolvedRun } from '../resolved.ts';
import { DpoSchema } from '../schema/dpo.ts';
import { LoraSchema } from '../schema/lora.ts';
import { OrpoSchema } from '../schema/orpo.ts';
import { TrainSchema } from '../schema/training.ts';

interface Fields {
  properties: Readonly<Record<string, object>>;
}

/**
 * A run without the arguments that are what they are unless somebody says otherwise: a Tunebook that knows one more of them makes no result
 * stale. Whoever writes a default down changes nothing either.
 */
export function withoutDefaults(run: ResolvedRun): object {
  const { method } = run;
  return {
    ...run,
    train: sparse(run.train, TrainSchema),
    method: {
      ...method,
      ...('lora' in method && { lora: sparse(method.lora, LoraSchema) }),
      ...(method.dpo && { dpo: sparse(method.dpo, DpoSchema) }),
      ...(method.orpo && { orpo: sparse(method.orpo, OrpoSchema) }),
    },
  };
}

function sparse(values: object, { properties }: Fields): object {
  const given = Object.entries(values).filter(([name, value]) => {
    const field = properties[name];
    const usual: unknown = field && 'default' in field ? field.default : undefined;
    return JSON.stringify(value) !== JSON.stringify(usual);
  });
  return Object.fromEntries(given);
}
