import assert from 'node:assert/strict';
import { compareGradients } from '../../runtime/testing/difference.ts';
import * as activation from './activation.ts';
import * as adafactor from './adafactor.ts';
import * as adamw from './adamw.ts';
import * as broadcast from './broadcast.ts';
import * as dropout from './dropout.ts';
import * as elementwise from './elementwise.ts';
import * as gather from './gather.ts';
import * as head from './head.ts';
import * as loss from './loss.ts';
import * as matmul from './matmul.ts';
import * as normalization from './normalization.ts';
import * as precision from './precision.ts';
import * as preference from './preference.ts';
import * as quantized from './quantized.ts';
import * as reduce from './reduce.ts';
import * as rotary from './rotary.ts';
import * as shape from './shape.ts';
import * as softcap from './softcap.ts';
import * as softmax from './softmax.ts';
import { readdirSync } from 'node:fs';
import { OP_CASES } from './testing/cases.ts';
import { drawCase } from './testing/op-case.ts';

const MODULES = {
  activation,
  adafactor,
  adamw,
  broadcast,
  dropout,
  elementwise,
  gather,
  head,
  loss,
  matmul,
  normalization,
  precision,
  preference,
  quantized,
  reduce,
  rotary,
  shape,
  softcap,
  softmax,
};

/** Exported functions without a gradient, and why. */
const WITHOUT_GRADIENT: Readonly<Record<string, string>> = {
  inLowPrecision: 'is a part of the products, which record their gradients',
  adafactor: 'the update comes after the backward pass (parity.engine.test.ts)',
  adamw: 'the update comes after the backward pass (adamw.test.ts)',
  clipFactor: 'the update comes after the backward pass (adamw.test.ts)',
  addRows: 'it makes a gradient (gather.test.ts)',
  linearMeanLogits: 'it is what a training log says (parity.dpo.test.ts)',
  linearScores: 'it is what evaluation reads (head.test.ts)',
  squash: 'it is a part of softCap, and of the last layer',
  slopeBeforeCap: 'it is a gradient',
  NF4_BLOCK: 'it is a number',
  NF4_VALUES: 'they are numbers',
  reduceMax: 'it keeps exponentials in range, where it cancels',
  reduce: 'its gradient is up to the caller: reduceSum, reduceMean',
  reducedShape: 'it computes a shape, not a tensor',
};

describe('gradients of the operators, beside difference quotients', () => {
  for (const [op, cases] of Object.entries(OP_CASES)) {
    cases.forEach((make, i) => {
      it(`${op}: ${drawCase(make, 1, i).title}`, async () => {
        // Four draws: other sizes, other numbers.
        for (let seed = 1; seed <= 4; seed++) {
          const drawn = drawCase(make, seed, i);
          const elements = await compareGradients(drawn);
          for (const { input, index, graph, quotient, tolerance } of elements) {
            assert.ok(
              Math.abs(graph - quotient) <= tolerance,
              `seed ${seed}, sizes ${JSON.stringify(drawn.sizes)}: the gradient of ${input}[${index}] is ${graph}, the quotient ${quotient} ± ${tolerance}`,
            );
          }
          assert.ok(
            elements.some(({ graph }) => graph !== 0) || seed > 1,
            'a gradient of zeros proves nothing',
          );
        }
      });
    });
  }

  it('cover every exported operator, or say why not', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => /^[a-z]+\.ts$/.test(name));
    assert.deepEqual(Object.keys(MODULES), files.map((name) => name.replace('.ts', '')).sort());
    const exported = Object.values(MODULES).flatMap((module) => Object.keys(module));
    for (const name of exported) {
      const covered = (OP_CASES[name]?.length ?? 0) > 0;
      assert.notEqual(covered, name in WITHOUT_GRADIENT, `${name} has no gradient test`);
    }
    for (const name of [...Object.keys(OP_CASES), ...Object.keys(WITHOUT_GRADIENT)])
      assert.ok(exported.includes(name), `there is no operator ${name}`);
  });
});
