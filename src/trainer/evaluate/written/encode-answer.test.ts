import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadTokenizer } from '../../data/tokenizer.ts';
import { encodeAnswer } from './encode-answer.ts';

const folder = fileURLToPath(new URL('../../../../test/fixtures/dpo/base', import.meta.url));
const [CLS, SEP, BA, BE] = [2, 3, 5, 6];

describe('an expected answer as tokens', () => {
  it('ends once, whether or not it writes its end itself, as it is trained on', async () => {
    const model = { folder, tokenizer: await loadTokenizer(folder) };
    const expected = { context: [CLS, BA], answer: [BE, SEP], ends: true };
    for (const answer of ['be', 'be [SEP]'])
      assert.deepEqual(encodeAnswer(model, { text: 'ba ' }, answer, false), expected);
  });
});
