import assert from 'node:assert/strict';
import type { RunPlan } from '../protocol/plan.ts';
import type { InspectSizeParams, SizeFacts } from '../protocol/inspect.ts';
import { findHints } from './hints.ts';
import { loadProject } from './load.ts';
import { CONFIG } from './testing/expect-problem.ts';
import { DATASET, EVALUATE, RUN, stream, WORLD } from './testing/example.ts';
import { MemoryHost, type MemoryWorld } from './testing/memory-host.ts';

/** The example's world, with an answer to how large a run is. */
class SizingHost extends MemoryHost {
  readonly sized: InspectSizeParams[] = [];
  readonly size: SizeFacts | undefined;

  constructor(world: MemoryWorld, size?: SizeFacts) {
    super(world);
    this.size = size;
  }

  async sizeFacts(params: InspectSizeParams): Promise<SizeFacts | undefined> {
    this.sized.push(params);
    return this.size;
  }
}

/** The text with its hints in «». */
async function hinted(
  text: string,
  { size, plan, world = WORLD }: { size?: SizeFacts; plan?: RunPlan; world?: MemoryWorld } = {},
): Promise<{ text: string; sized: InspectSizeParams[]; tooltips: string[] }> {
  const host = new SizingHost({ ...world, files: { ...world.files, [CONFIG]: text } }, size);
  const project = await loadProject([CONFIG], host);
  const file = project.files.get(CONFIG);
  assert.ok(file);
  const hints = await findHints({ project, file, host, planOf: () => plan });
  const shown = hints.reduceRight(
    (all, { offset, label }) => `${all.slice(0, offset)} «${label}»${all.slice(offset)}`,
    text,
  );
  return { text: shown, sized: host.sized, tooltips: hints.map(({ tooltip }) => tooltip) };
}

describe('findHints', () => {
  it('says what a run will be, and how many rows its splits have', async () => {
    const run = `${RUN}train: { per_device_train_batch_size: 16, gradient_accumulation_steps: 2, num_train_epochs: 2 }\n`;
    const { text, tooltips } = await hinted(stream(DATASET, run));
    assert.equal(
      text,
      stream(
        DATASET.replace(
          'train.csv, validation: validation.csv, test: test.csv',
          'train.csv «1,600 rows», validation: validation.csv «200 rows», test: test.csv «200 rows»',
        ),
        run
          .replace('full', 'full «100 steps · batch 32 · ≤ 4,096 tokens a step»')
          .replace('intents.train', 'intents.train «1,600 rows»')
          .replace('intents.validation', 'intents.validation «200 rows»'),
      ),
    );
    assert.match(tooltips.join('\n'), /A step sees 32 rows: 16 × 2 accumulated\./);
  });

  it('counts in an evaluation, and behind `extends`', async () => {
    const run = 'run: b\nextends: full\ntrain: { max_steps: 7 }\n';
    const { text } = await hinted(stream(DATASET, RUN, EVALUATE, run));
    assert.ok(text.includes('evaluate: worth-it\ndata: intents.test «200 rows»'));
    assert.ok(text.includes('run: b «7 steps · batch 8 · ≤ 1,024 tokens a step»'), text);
  });

  it('asks how large the run is with its resolved settings', async () => {
    const size = { parameters: { total: 22_700_000, trained: 295_000 }, stateMemory: 95 * 2 ** 20 };
    const { text, sized } = await hinted(stream(DATASET, `${RUN}method: { lora: { r: 4 } }\n`), { size });
    assert.ok(text.includes('· 1.3 % of 22.7 M parameters · 95.0 MiB»'), text);
    assert.deepEqual(
      sized.map(({ folder, task, num_labels, gradient_accumulation_steps: n, optim }) => [
        folder,
        task,
        num_labels,
        n,
        optim,
      ]),
      [['/w/base', 'text-classification', 3, 1, 'adamw_torch_fused']],
    );
    assert.equal(JSON.stringify(sized[0]?.method).includes('"lora":{"r":4,"lora_alpha":8'), true);
    const full = await hinted(stream(DATASET, RUN), {
      size: { parameters: { total: 5000, trained: 5000 }, stateMemory: 2 ** 20 },
    });
    assert.deepEqual(full.sized[0]?.method, { full: {} });
    assert.ok(full.text.includes('· 5,000 parameters · 1.0 MiB»'), full.text);
  });

  it('tells what a plan has measured', async () => {
    const plan = {
      steps: 90,
      device: 'cpu',
      probe: { steps: 5, millisecondsPerStep: 120.4, seconds: 130.2, peakMemory: 2 ** 30 },
    };
    // SAFETY: only these fields of a plan are read.
    const { text, tooltips } = await hinted(stream(DATASET, RUN), { plan: plan as RunPlan });
    assert.ok(text.includes('«90 steps ·') && text.includes('· about 2 min 11 s»'), text);
    assert.match(
      tooltips.join('\n'),
      /on cpu, evaluations aside: 120 ms a step and 1.0 GiB at most, measured on 5 steps/,
    );
  });

  const silent: [why: string, text: string, world?: MemoryWorld][] = [
    ['documents that hold fields for others', 'run: defaults\ntrain: { max_steps: 3 }\n'],
    ['data that is not known', DATASET, { ...WORLD, data: {} }],
    [
      'a file that is read in part',
      'dataset: a\nfiles: { train: train.csv }\nformat: text\ncolumns: { text: text }\n',
      { ...WORLD, data: { '/w/train.csv': { rows: 5, partial: { readBytes: 1, totalBytes: 2 } } } },
    ],
    ['nothing', ''],
  ];
  for (const [why, text, world] of silent) {
    it(`says nothing about ${why}`, async () => {
      assert.equal((await hinted(text, { ...(world && { world }) })).text, text);
    });
  }

  it('does not count with a value that is wrong', async () => {
    const { text } = await hinted(stream(DATASET, `${RUN}train: { per_device_train_batch_size: many }\n`));
    assert.ok(text.includes('run: full\n'), text);
  });
});
