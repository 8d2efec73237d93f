import { tokenizeLanguageModel } from '../../../src/trainer/data/language-model.ts';
import { loadTokenizer } from '../../../src/trainer/data/tokenizer.ts';

/** Tokenises and packs a file of JSON Lines, and prints how many tokens there were and the most memory that it took. */
const [file = '', folder = ''] = process.argv.slice(2);
const { report, packed } = await tokenizeLanguageModel(
  {
    split: 'train',
    dataset: { name: 'rows', file, files: { train: [file] }, format: 'text', columns: { text: 'text' } },
  },
  await loadTokenizer(folder),
  { max_length: 512, packing: true, packing_strategy: 'bfd', completion_only_loss: true },
);
const sequences = (packed?.offsets.length ?? 0) - 1;
process.stdout.write(
  `${JSON.stringify({ tokens: report.tokens, sequences, peak: process.resourceUsage().maxRSS * 1024 })}\n`,
);
