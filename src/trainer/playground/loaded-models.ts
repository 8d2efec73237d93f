import { machineMemory } from '../../runs/machine-memory.ts';

/** A model in memory. */
interface Loaded {
  readonly value: { dispose(): Promise<void> };
  /** What it can do besides, such as the most tokens that it takes: a model that can do less is loaded anew. */
  readonly size: number;
  readonly bytes: number;
}

/**
 * The models that are in memory. Those that were not asked for longest go when all take more than their share of the memory; one that is
 * asked for is always loaded. One question at a time.
 */
export class LoadedModels {
  readonly #loaded = new Map<string, Loaded>();
  readonly #budget: number;

  /** @param budget bytes that weights may take together */
  constructor(budget = machineMemory().total / 4) {
    this.#budget = budget;
  }

  /**
   * @param key what it is of; equal keys have equal types
   * @param size what it must be able to do
   * @param bytes of its weights
   * @param load gives what it is able to do, too
   */
  async get<Value extends { dispose(): Promise<void> }>(
    key: string,
    { size, bytes }: { size: number; bytes: number },
    load: () => Promise<{ value: Value; size: number }>,
  ): Promise<Value> {
    const known = this.#loaded.get(key);
    if (known && known.size >= size) {
      this.#loaded.delete(key);
      this.#loaded.set(key, known);
      // SAFETY: equal keys have equal types, says the contract of this method.
      return known.value as Value;
    }
    if (known) await this.#drop(key, known);
    for (const [other, model] of [...this.#loaded]) {
      if (bytes + this.#bytes() <= this.#budget) break;
      await this.#drop(other, model);
    }
    const loaded = await load();
    this.#loaded.set(key, { ...loaded, bytes });
    return loaded.value;
  }

  async dispose(): Promise<void> {
    for (const [key, model] of [...this.#loaded]) await this.#drop(key, model);
  }

  #bytes(): number {
    return [...this.#loaded.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #drop(key: string, { value }: Loaded): Promise<void> {
    this.#loaded.delete(key);
    await value.dispose();
  }
}
