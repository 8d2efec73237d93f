import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { writeConfig } from './write-config.ts';

describe('writeConfig', () => {
  const folder = temporaryFolder();

  it('writes as floats what transformers reads as floats alone, and nothing else', () => {
    const file = join(folder.path, 'config.json');
    const config = {
      hidden_size: 30,
      final_logit_softcapping: 30,
      attn_logit_softcapping: 2.5,
      rms_norm_eps: 1e-6,
      nested: { final_logit_softcapping: 30 },
      initializer_range: 1,
    };
    writeConfig(file, config);
    const text = readFileSync(file, 'utf8');
    assert.deepEqual(JSON.parse(text), config);
    assert.deepEqual(text.trimEnd().split('\n'), [
      '{',
      '  "hidden_size": 30,',
      '  "final_logit_softcapping": 30.0,',
      '  "attn_logit_softcapping": 2.5,',
      '  "rms_norm_eps": 0.000001,',
      '  "nested": {',
      '    "final_logit_softcapping": 30',
      '  },',
      '  "initializer_range": 1.0',
      '}',
    ]);
  });
});
