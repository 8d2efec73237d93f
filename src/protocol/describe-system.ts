import { fromWire, type WireNumber } from './numbers.ts';

/** What a run takes of its machine, in words: `187 % of a core, 445 MiB of memory; card 87 % busy, 20,113 MiB`. */
export function systemWords(values: Readonly<Record<string, WireNumber>>): string | undefined {
  const whole = (name: string) => {
    const value = values[name];
    return value === undefined ? undefined : Math.round(fromWire(value)).toLocaleString('en-US');
  };
  const say = (name: string, words: (value: string) => string) => {
    const value = whole(name);
    return value === undefined ? [] : [words(value)];
  };
  const own = [
    ...say('cpu_percent', (value) => `${value} % of a core`),
    ...say('memory_megabytes', (value) => `${value} MiB of memory`),
  ];
  const card = [
    ...say('gpu_percent', (value) => `graphics card ${value} % busy`),
    ...say('gpu_memory_megabytes', (value) => `${value} MiB of its memory in use`),
  ];
  const parts = [own, card].filter((part) => part.length > 0).map((part) => part.join(', '));
  return parts.length === 0 ? undefined : parts.join('; ');
}
