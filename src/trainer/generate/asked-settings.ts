import type { PlaygroundSettings } from '../../protocol/playground.ts';
import type { GenerationSettings } from './settings.ts';

/**
 * Generation settings as a person asks for them: a temperature of 0 is greedy, and any other setting of the draw means that one is wanted.
 * @returns what was asked for; nothing else
 */
export function askedSettings({
  temperature,
  stop,
  ...rest
}: PlaygroundSettings): Partial<GenerationSettings> {
  const draws = temperature ?? rest.top_p ?? rest.top_k;
  const asked = {
    ...rest,
    do_sample: draws === undefined ? undefined : temperature !== 0,
    temperature: temperature === 0 ? undefined : temperature,
    stop_strings: stop,
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}
