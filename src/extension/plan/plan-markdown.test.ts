import assert from 'node:assert/strict';
import type { RunPlan } from '../../protocol/plan.ts';
import { planMarkdown } from './plan-markdown.ts';

const PLAN: RunPlan = {
  type: 'plan',
  run: 'intents_lora',
  device: 'cpu',
  format: 'classification',
  steps: 1876,
  stepsPerEpoch: 626,
  warmupSteps: 50,
  rows: 10_003,
  truncated: 12,
  dropped: 0,
  masked: 0,
  tokens: 250_000,
  longest: 64,
  paddingShare: 0.57,
  parameters: { total: 22_713_216, trained: 294_912 },
  disk: { checkpoint: 3 * 2 ** 20, output: 2 ** 20, most: 10 * 2 ** 20 },
  stateMemory: 95 * 2 ** 20,
  batchMemory: { used: 60 * 2 ** 20, kept: 60 * 2 ** 20, checkpointed: 20 * 2 ** 20 },
  probe: { steps: 5, millisecondsPerStep: 120.4, seconds: 225, peakMemory: 2 ** 30 },
  examples: [
    {
      segments: [
        { text: 'a <b> *c* | d\n', counts: false },
        { text: 'yes', counts: true },
      ],
      tokens: 7,
      label: 'x_y',
    },
  ],
};

describe('planMarkdown', () => {
  it('says all that the command line says', () => {
    const text = planMarkdown(PLAN);
    for (const part of [
      '# intents&#95;lora would do this',
      '| Steps | 1,876, 626 an epoch, 50 of warm-up |',
      '| Rows | 10,003, 12 cut at max&#95;length (0.1 %) |',
      '| Parameters | 294,912 trained of 22,713,216 (1.3 %) |',
      '| Time | about 3 min 45 s (120 ms a step, measured on 5), without evaluations |',
      '| Memory | 1.0 GiB at most so far, measured |',
      '| Device | cpu |',
    ]) {
      assert.ok(text.includes(part), `${part} is not in\n${text}`);
    }
  });

  it('tells rows that are cut away from rows that are masked, how rows are packed, and that nobody knows the memory of a GPU', () => {
    const text = planMarkdown({
      ...PLAN,
      device: 'webgpu',
      dropped: 30,
      masked: 10,
      packing: { rows: 9973, sequences: 1200, filled: 0.953 },
      gpuMemory: { needed: 95 * 2 ** 20, free: null },
    });
    for (const part of [
      '12 cut at max&#95;length (0.1 %), 20 left out because nothing to predict is left within max&#95;length (0.2 %), 10 left out because all of it is masked (0.1 %) |',
      '| Packing | 9,973 rows in 1,200 sequences, which are 95.3 % full |',
      '| GPU | at least 95.0 MiB; how much is free there is not known |',
    ])
      assert.ok(text.includes(part), `${part} is not in\n${text}`);
    assert.ok(!/Packing|GPU/.test(planMarkdown(PLAN)));
  });

  it('lets no text of the data become Markdown or HTML', () => {
    const text = planMarkdown(PLAN);
    assert.ok(text.includes('<pre>a &#60;b&#62; &#42;c&#42; &#124; d&#10;<b>yes</b></pre>'), text);
    assert.ok(text.includes('7 tokens, label **x&#95;y**'));
  });

  it('leaves out what was not measured, and says why where it was wanted', () => {
    const { probe: _probe, ...rest } = PLAN;
    const text = planMarkdown({ ...rest, examples: [] });
    assert.ok(!/Time|Memory|first rows/.test(text));
    const notMeasured = 'Not measured: `tunebook plan a --probe` does it.';
    assert.ok(
      planMarkdown({ ...rest, notMeasured }).includes(
        '| Time | Not measured: &#96;tunebook plan a --probe&#96; does it. |',
      ),
    );
  });

  it('says before all else what the run was warned of', () => {
    const text = planMarkdown(PLAN, ['The run takes *more*.', 'Rows were cut.']);
    assert.ok(
      text.includes('would do this\n\n- ⚠ The run takes &#42;more&#42;.\n- ⚠ Rows were cut.\n\n| | |'),
      text,
    );
    assert.ok(!planMarkdown(PLAN).includes('⚠'));
  });
});
