/** The config documents of a benchmark run: what `python/bench_trainer.py` is given, said in our language. */

const FORMATS = {
  'text-classification': { format: 'classification', columns: { text: 'text', label: 'category' } },
  'token-classification': { format: 'tokens', columns: { tokens: 'tokens', tags: 'ner_tags' } },
  'text-generation': { format: 'text' },
};

/** @param {'full' | 'lora' | 'qlora'} method */
function methodOf(method, target_modules) {
  if (method === 'full') return { full: {} };
  const lora = { r: 8, lora_alpha: 16, target_modules };
  return method === 'lora' ? { lora } : { lora, quantization: { load_in_4bit: true } };
}

/**
 * @param {{ name: string, workload: import('./workloads.mjs').Workload, method: 'full' | 'lora' | 'qlora', steps?: number, adapter?: string, train?: object }} options
 *   `steps` leaves off after so many; else one epoch is trained. `adapter` is the folder of the adapter that training goes on with.
 *   `train` has further training arguments
 */
export function documents({ name, workload, method, steps, adapter, train: more = {} }) {
  const { task, model, train, labels, batch, length, targets } = workload;
  return [
    {
      dataset: 'bench',
      files: { train: train() },
      ...FORMATS[task],
      ...(labels ? { labels: labels() } : {}),
    },
    {
      run: name,
      model: { base: adapter ?? model(), task },
      data: { train: 'bench.train', max_length: length },
      method: methodOf(method, targets),
      train: {
        num_train_epochs: 1,
        ...(steps === undefined ? {} : { max_steps: steps }),
        per_device_train_batch_size: batch,
        learning_rate: 5e-5,
        warmup_steps: 50,
        weight_decay: 0.01,
        train_sampling_strategy: 'sequential',
        save_strategy: 'no',
        ...more,
      },
      target: { local: { device: 'cpu', threads: 2 } },
    },
  ];
}
