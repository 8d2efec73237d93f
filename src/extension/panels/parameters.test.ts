import assert from 'node:assert/strict';
import { manifest } from '../../runs/testing/fixtures.ts';
import { parametersOf } from './parameters.ts';

describe('panels: parameters of a run', () => {
  it('are the fields of its config by their paths, and what run.json knows besides', () => {
    const parameters = parametersOf(
      manifest({
        config: {
          name: 'a',
          file: '/w/a.tune.yaml',
          method: { lora: { r: 8, target_modules: ['query', 'value'], bias: null } },
          train: { learning_rate: 5e-4, packing: false },
        },
        datasets: [
          {
            name: 'intents',
            split: 'train',
            rows: 40,
            files: [{ path: 'a', bytes: 1, sha256: '0123456789' }],
          },
        ],
        git: { commit: 'abcdef0123456', dirty: true },
        seed: 7,
      }),
    );
    assert.deepEqual(parameters, {
      'method.lora.r': 8,
      'method.lora.target_modules': '[query, value]',
      'method.lora.bias': null,
      'train.learning_rate': 5e-4,
      'train.packing': false,
      'rows of intents.train': 40,
      'files of intents.train': '01234567',
      'git commit': 'abcdef01 with changes',
      seed: 7,
      tunebook: '0.1.0',
      onnxruntime: '1.30.0',
    });
  });

  it('of a manifest that was edited by hand are those that are left', () => {
    for (const config of [null, 'text', 3, []]) {
      const { tunebook } = parametersOf({ ...manifest(), config });
      assert.equal(tunebook, '0.1.0');
    }
    const broken: unknown = { ...manifest(), datasets: null, versions: undefined };
    // SAFETY: a run.json that lost parts of itself still passes as a manifest.
    assert.equal(parametersOf(broken as ReturnType<typeof manifest>)['tunebook'], null);
  });
});
