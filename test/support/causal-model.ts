import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIXTURE = fileURLToPath(new URL('../fixtures/families/llama-causal', import.meta.url));

/** Words of the tiny tokenizer; its further tokens are `w10` to `w59`. */
const WORDS = ['<unk>', '<s>', '</s>', 'red', 'green', 'blue', 'sky', 'grass', 'blood', 'is'];

/**
 * Makes a folder of a tiny Llama with random weights that reads and writes words: the fixture of the families, with a tokenizer.
 * @param chatTemplate a Jinja template, for conversations
 */
export function writeCausalModel(folder: string, chatTemplate?: string): void {
  cpSync(FIXTURE, folder, { recursive: true });
  for (const name of ['case.json', 'lora']) rmSync(join(folder, name), { recursive: true });
  const own = join(folder, 'config.json');
  writeFileSync(own, readFileSync(own, 'utf8').replace(/"eos_token_id": \d+/, '"eos_token_id": 2'));
  const vocab = Array.from({ length: 60 }, (_, id) => [WORDS[id] ?? `w${id}`, id] as const);
  const special = WORDS.slice(0, 3).map((content, id) => {
    return {
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    };
  });
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(vocab), unk_token: '<unk>' },
  };
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: '<s>',
    eos_token: '</s>',
    unk_token: '<unk>',
    ...(chatTemplate === undefined ? {} : { chat_template: chatTemplate }),
  };
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
}
