import { join } from 'node:path';
import { RUN_FILES } from '../../protocol/run.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import type { Parameter } from '../models/parameter.ts';
import { publishFolder } from './publish-folder.ts';
import { saveModel, type ModelDescription } from './save-model.ts';
import { saveTokenizer } from './save-tokenizer.ts';

/**
 * Writes `output/` of a run directory whole or not at all: the finished model or adapter and its tokenizer, as
 * transformers and PEFT load it.
 * @param chatTemplate the source of the run's own chat template
 * @throws TunebookError `run/disk-full` and its kind; nothing half-written is left
 */
export async function writeOutput(
  runDir: string,
  description: ModelDescription,
  parameters: readonly Parameter[],
  values: ReadonlyMap<string, Float32Array>,
  tokenizer: Tokenizer,
  chatTemplate?: string,
): Promise<void> {
  await publishFolder(join(runDir, RUN_FILES.output), 'the trained model', async (folder) => {
    saveModel(folder, description, parameters, values);
    await saveTokenizer(folder, tokenizer, chatTemplate);
  });
}
