import assert from 'node:assert/strict';
import { systemWords } from './describe-system.ts';

describe('what a run takes of its machine, in words', () => {
  it('says what is known', () => {
    assert.equal(
      systemWords({ cpu_percent: 187.4, memory_megabytes: 1445.2 }),
      '187 % of a core, 1,445 MiB of memory',
    );
    assert.equal(
      systemWords({ cpu_percent: 12, memory_megabytes: 800, gpu_percent: 97, gpu_memory_megabytes: 20_113 }),
      '12 % of a core, 800 MiB of memory; graphics card 97 % busy, 20,113 MiB of its memory in use',
    );
    assert.equal(systemWords({}), undefined);
  });
});
