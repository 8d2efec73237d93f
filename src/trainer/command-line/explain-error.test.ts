import assert from 'node:assert/strict';
import { TunebookError } from '../../protocol/error.ts';
import { explainError } from './explain-error.ts';

/** As Node throws them: a message for programmers and a `code`. */
function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: something, write`), { code });
}

describe('explainError', () => {
  it('leaves an error that people can read as it is', () => {
    const error = new TunebookError('data/empty', 'It is empty.');
    assert.equal(explainError(error, '/runs'), error);
  });

  it('knows a full disk and a used up quota', () => {
    for (const code of ['ENOSPC', 'EDQUOT']) {
      const { code: explained, hint } = explainError(systemError(code), '/runs');
      assert.equal(explained, 'run/disk-full');
      assert.match(hint ?? '', /Free some space/);
    }
  });

  it('knows what onnxruntime, WebAssembly and V8 say when memory runs out', () => {
    const messages = [
      'Non-zero status code returned while running MatMul node. bad_alloc',
      'Failed to allocate memory for requested buffer of size 4294967296',
      'WebAssembly.Memory(): could not allocate memory',
      'Array buffer allocation failed',
    ];
    for (const message of messages) {
      const error = explainError(new RangeError(message), '/runs', 'run');
      assert.equal(error.code, 'run/out-of-memory', message);
      assert.match(error.hint ?? '', /per_device_train_batch_size/);
      for (const kind of ['evaluate', undefined] as const)
        assert.match(
          explainError(new RangeError(message), '/runs', kind).hint ?? '',
          /^End what else needs memory, or take a smaller model/,
        );
    }
  });

  it('calls everything else a fault of ours, in one line', () => {
    const error = explainError(new Error('x is undefined\n    at foo (bar.js:1:2)'), '/runs');
    assert.equal(error.code, 'internal');
    assert.equal(error.message, 'A fault of Tunebook: x is undefined');
    assert.equal(explainError('odd', '/runs').message, 'A fault of Tunebook: odd');
  });
});
