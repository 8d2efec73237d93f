import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CPU_LOWERING } from '../../src/trainer/graph/graph.ts';
import { parseModelConfig } from '../../src/trainer/models/config.ts';
import { elementCount } from '../../src/trainer/models/parameter.ts';
import { buildTask } from '../../src/trainer/models/task.ts';

/** Writes config and weights of a model of zeros, whose weights take no room on the disk. Tokenizer and the rest stay as they are. */
export function writeHollowModel(
  folder: string,
  config: Record<string, unknown>,
  task: 'text-generation' | 'text-classification',
): void {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const asked = task === 'text-generation' ? { kind: task } : { kind: task, numLabels: 5 };
  const { builder } = buildTask(parseModelConfig(config, ''), asked, {
    training: false,
    lowering: CPU_LOWERING,
  });
  let end = 0;
  const tensors = [...builder.parameters.values()].map(({ name, shape }) => {
    const begin = end;
    end += 4 * elementCount(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(tensors)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(join(folder, 'model.safetensors'), 'w');
  writeSync(file, Buffer.concat([length, header]));
  ftruncateSync(file, 8 + header.length + end);
  closeSync(file);
}
