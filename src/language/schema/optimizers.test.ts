import assert from 'node:assert/strict';
import { optimizerOf, OPTIMIZERS } from './optimizers.ts';

describe('optimizerOf', () => {
  it('says what each optimizer computes', () => {
    for (const [name, computes] of OPTIMIZERS) assert.equal(optimizerOf(name), computes);
  });

  it('takes none that it does not know for another', () => {
    assert.throws(() => optimizerOf('adamw_bnb_8bit'), {
      code: 'run/unknown-optimizer',
      message: /no optimizer adamw_bnb_8bit/,
      hint: /adamw_torch, adafactor/,
    });
  });
});
