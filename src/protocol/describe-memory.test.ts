import assert from 'node:assert/strict';
import { describeBatchMemory } from './describe-memory.ts';

const MIB = 2 ** 20;

describe('what the largest batch needs', () => {
  it('is told with and without checkpointing, where that spares something', () => {
    assert.equal(
      describeBatchMemory({ used: 60 * MIB, kept: 60 * MIB, checkpointed: 20 * MIB }),
      'at least 60.0 MiB for the largest batch, 20.0 MiB with gradient_checkpointing',
    );
    assert.equal(
      describeBatchMemory({ used: 20 * MIB, kept: 60 * MIB, checkpointed: 20 * MIB }),
      'at least 20.0 MiB for the largest batch with gradient_checkpointing, 60.0 MiB without',
    );
    assert.equal(
      describeBatchMemory({ used: 32 * MIB, kept: 32 * MIB, checkpointed: 42 * MIB }),
      'at least 32.0 MiB for the largest batch',
    );
  });
});
