import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonObject } from '../data/tokenizer/json.ts';
import type { Tokenizer } from '../data/tokenizer.ts';

/**
 * Copies a tokenizer beside a saved model, with the chat template that it was trained with, as Trainer saves what TRL has set.
 * @param chatTemplate the source of a template that takes the place of the tokenizer's own
 */
export async function saveTokenizer(
  folder: string,
  tokenizer: Tokenizer,
  chatTemplate: string | undefined,
): Promise<void> {
  await tokenizer.copyTo(folder);
  if (chatTemplate === undefined) return;
  writeFileSync(join(folder, 'chat_template.jinja'), chatTemplate);
  const config = join(folder, 'tokenizer_config.json');
  const { chat_template, ...fields } = readJsonObject(config) ?? {};
  // Programs that know no chat_template.jinja would go on with the former one.
  if (chat_template !== undefined) writeFileSync(config, `${JSON.stringify(fields, undefined, 2)}\n`);
}
