/** The config documents of a benchmark run: what `python/bench_trainer.py` is given, said in our language. */
import { labelNames } from './inputs.mjs';

/**
 * @param {{ name: string, model: string, train: string, method: 'full' | 'lora', steps?: number }} options `steps`
 *   leaves off after so many; else one epoch is trained
 */
export function documents({ name, model, train, method, steps }) {
  return [
    {
      dataset: 'bench',
      files: { train },
      format: 'classification',
      columns: { text: 'text', label: 'category' },
      labels: labelNames(),
    },
    {
      run: name,
      model: { base: model, task: 'text-classification', num_labels: 77 },
      data: { train: 'bench.train', max_length: 64 },
      method:
        method === 'full'
          ? { full: {} }
          : { lora: { r: 8, lora_alpha: 16, target_modules: ['query', 'value'] } },
      train: {
        num_train_epochs: 1,
        ...(steps === undefined ? {} : { max_steps: steps }),
        per_device_train_batch_size: 16,
        learning_rate: 5e-5,
        warmup_steps: 50,
        weight_decay: 0.01,
        train_sampling_strategy: 'sequential',
        save_strategy: 'no',
      },
      target: { local: { device: 'cpu', threads: 2 } },
    },
  ];
}
