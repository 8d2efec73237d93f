import assert from 'node:assert/strict';
import { RunningCase } from '../../runtime/testing/run-case.ts';
import { OP_CASES } from './testing/cases.ts';
import { drawCase } from './testing/op-case.ts';

describe('shapes and types of the operators and their gradients, beside what onnxruntime makes', () => {
  for (const [op, cases] of Object.entries(OP_CASES)) {
    it(op, async () => {
      for (const [i, make] of cases.entries()) {
        for (let seed = 1; seed <= 3; seed++) {
          const running = await RunningCase.create(drawCase(make, seed, i), { everyNode: true });
          const nodes = await running.shapes();
          await running.dispose();
          assert.ok(nodes.length > 0);
          for (const { op: node, inferred, actual, inferredType, actualType } of nodes)
            assert.deepEqual(
              { node, shape: inferred, type: inferredType },
              { node, shape: [...actual], type: actualType },
            );
        }
      }
    });
  }
});
