import assert from 'node:assert/strict';
import { writeCausalModel } from '../support/causal-model.ts';
import type { PlannedExample, RunPlan } from '../../src/protocol/plan.ts';
import { writeRowsConfig } from './support/rows-config.ts';
import { parseLines } from './support/tunebook.ts';
import { eventsOf, workspace } from './support/workspace.ts';

/** ChatML in the words of the tiny tokenizer, which splits at white space. */
const TEMPLATE =
  "{% for message in messages %}{{ '<s> ' + message['role'] + ' ' + message['content'] + ' </s> ' }}{% endfor %}";

interface Planned {
  plan: RunPlan;
  text: string;
  stderr: string;
}

/** What `tunebook plan` says of rows of every kind: in words, and as JSON. */
describe('tunebook plan of rows for a language model', () => {
  const space = workspace();

  function config(rows: readonly object[], format: string, data: object = {}, train: object = {}): void {
    writeCausalModel(space.at.path('causal'), TEMPLATE);
    writeRowsConfig(space.at, rows, format, {
      data,
      train: { max_steps: undefined, num_train_epochs: 1, logging_steps: 1, ...train },
    });
  }

  async function planned(): Promise<Planned> {
    const json = await space.at.run('plan', 'intents.tune.yaml', '--json');
    assert.equal(json.code, 0, json.stderr);
    const { stdout, stderr } = await space.at.run('plan', 'intents.tune.yaml', '--no-probe');
    // SAFETY: the command says that this is what it prints.
    return { plan: (parseLines(json.stdout) as unknown as RunPlan[])[0]!, text: stdout, stderr };
  }

  /** An example with what counts between marks, as the text draws it. */
  const marked = ({ segments }: PlannedExample) =>
    segments.map(({ text, counts }) => (counts ? `⟦${text}⟧` : text)).join('');
  const shown = (text: string) => [...text.matchAll(/^\d\. \d+ tokens\n {3}(.*)$/gm)].map(([, row]) => row);

  it('texts: every token but the first counts; what is cut, and every other fact of the run', async () => {
    const texts = ['red is sky', 'green is grass', 'blue', `${'red '.repeat(11)}is`, 'blood is red'];
    config(
      texts.map((text) => ({ text })),
      'text',
    );
    const { plan, text, stderr } = await planned();
    const first = ['red⟦ is sky </s>⟧', 'green⟦ is grass </s>⟧', 'blue⟦ </s>⟧'];
    assert.deepEqual(plan.examples.map(marked), first);
    assert.deepEqual(shown(text), first);
    const { steps, stepsPerEpoch, rows, truncated, dropped, masked, tokens, longest } = plan;
    assert.deepEqual(
      { steps, stepsPerEpoch, rows, truncated, dropped, masked, tokens, longest },
      {
        ...{ steps: 3, stepsPerEpoch: 3, rows: 5, truncated: 1, dropped: 0, masked: 0 },
        ...{ tokens: 4 + 4 + 2 + 8 + 4, longest: 8 },
      },
    );
    assert.match(text, /^ {2}rows +5 of format text, 1 cut at max_length \(20\.0 %\)$/m);
    assert.match(stderr, /warning: 1 of 5 rows \(20\.0 %\) were cut at max_length 8\. \[data\/truncated\]/);
    assert.match(text, /^ {2}tokens +22 an epoch, 8 in the longest row$/m);
    // Whatever the order, rows of four lengths come together in twos.
    assert.ok(plan.paddingShare > 0 && plan.paddingShare < 0.5);
    assert.match(text, /^ {2}padding +\d+\.\d % of padded batches; it is not computed$/m);
    const { parameters, stateMemory, disk, batchMemory, probe } = plan;
    assert.equal(parameters.trained, parameters.total);
    // Weights, gradients and two moments; a checkpoint keeps no gradients, the result nothing but weights.
    assert.equal(stateMemory, 16 * parameters.total);
    assert.deepEqual([disk.output, disk.checkpoint], [4 * parameters.total, 12 * parameters.total]);
    assert.ok(batchMemory.used === batchMemory.kept && batchMemory.used > 0);
    assert.ok(probe!.steps === 3 && probe!.seconds > 0 && probe!.peakMemory > stateMemory);
    assert.match(text, /^ {2}parameters +[\d,]+ trained of [\d,]+ \(100\.0 %\)$/m);
    assert.match(text, /^ {2}state +[\d.]+ KiB of weights, gradients and moments$/m);
    assert.match(text, /^ {2}batch +at least [\d.]+ KiB for the largest batch$/m);
    assert.match(text, /^ {2}disk +[\d.]+ KiB: [\d.]+ KiB a checkpoint, [\d.]+ KiB for the result$/m);
    assert.equal(plan.packing, undefined);
    assert.equal(plan.gpuMemory, undefined);
  });

  it('packed texts: how many rows stand together in how many sequences, and how full these are', async () => {
    config(
      ['red is sky', 'green is grass', 'blue', 'red'].map((text) => ({ text })),
      'text',
      { packing: true },
    );
    const { plan, text } = await planned();
    // Two of four tokens, and two of two.
    assert.deepEqual(plan.packing, { rows: 4, sequences: 2, filled: 12 / 16 });
    assert.match(text, /^ {2}packing +4 rows in 2 sequences, which are 75\.0 % full$/m);
    assert.deepEqual(plan.examples.map(marked), [
      'red⟦ is sky </s>⟧',
      'green⟦ is grass </s>⟧',
      'blue⟦ </s>⟧',
    ]);
    assert.equal(plan.steps, 1);
    config(
      ['red is sky', 'green is grass', 'blue'].map((text) => ({ text })),
      'text',
      {
        packing: true,
        packing_strategy: 'wrapped',
      },
    );
    assert.deepEqual((await planned()).plan.packing, { rows: 3, sequences: 2, filled: 10 / 16 });
  });

  it('prompts and completions: the completion alone counts; rows that are cut away and rows that are masked are told apart', async () => {
    const pair = (prompt: string, completion: string) => ({ prompt, completion });
    config(
      [
        pair('sky is ', 'blue'),
        pair('grass is ', 'green'),
        pair('red '.repeat(9), 'blood'),
        pair('red '.repeat(8), 'blood'),
        pair('blood is ', 'red red red red red red red'),
      ],
      'prompt-completion',
    );
    const { plan, text, stderr } = await planned();
    const first = ['sky is⟦ blue </s>⟧', 'grass is⟦ green </s>⟧', 'blood is⟦ red red red red red red⟧'];
    assert.deepEqual(plan.examples.map(marked), first);
    assert.deepEqual(shown(text), first);
    assert.deepEqual([plan.truncated, plan.dropped, plan.masked], [3, 2, 0]);
    assert.match(
      text,
      /rows +5 of format prompt-completion, 3 cut at max_length \(60\.0 %\), 2 left out because nothing to predict is left within max_length \(40\.0 %\)$/m,
    );
    assert.match(
      stderr,
      /2 of 5 rows were left out: within max_length 8 nothing of them is to be predicted\. \[data\/dropped\]/,
    );
    assert.doesNotMatch(stderr, /data\/masked/);
  });

  it('conversations: the turns of the assistant alone count; one without such a turn is left out as masked', async () => {
    const say = (...turns: [role: string, content: string][]) => ({
      messages: turns.map(([role, content]) => ({ role, content })),
    });
    config(
      [
        say(['user', 'sky'], ['assistant', 'blue']),
        say(['user', 'grass'], ['assistant', 'green']),
        say(['user', 'red'], ['user', 'blood']),
        say(['user', 'red '.repeat(30).trim()], ['assistant', 'blood']),
        say(['user', 'blood'], ['assistant', 'red']),
      ],
      'chat',
      { assistant_only_loss: true, max_length: 16 },
      { max_steps: 1 },
    );
    const { plan, text, stderr } = await planned();
    assert.equal(plan.examples.length, 3);
    for (const [place, answer] of ['blue', 'green', 'red'].entries()) {
      const { segments } = plan.examples[place]!;
      const [, counted, ...rest] = segments;
      assert.deepEqual([segments.length, counted?.counts, rest], [2, true, []]);
      assert.equal(counted?.text, ` <s> <unk> ${answer} </s>`);
      assert.match(segments[0]?.text ?? '', /^<s> <unk> \w+ <\/s>$/);
    }
    assert.deepEqual(shown(text), plan.examples.map(marked));
    assert.deepEqual([plan.truncated, plan.dropped, plan.masked], [1, 2, 1]);
    assert.match(
      text,
      /1 cut at max_length \(20\.0 %\), 1 left out because nothing to predict is left within max_length \(20\.0 %\), 1 left out because all of it is masked \(20\.0 %\)$/m,
    );
    assert.match(stderr, /1 of 5 rows were left out: all of their tokens are masked/);
    const { code } = await space.at.run('run', 'intents.tune.yaml');
    assert.equal(code, 0);
    const warned = eventsOf(space.at.onlyRun()).flatMap((event) =>
      event.type === 'warning' ? [event.code] : [],
    );
    assert.deepEqual(warned.filter((each) => each.startsWith('data/')).sort(), [
      'data/dropped',
      'data/masked',
      'data/truncated',
    ]);
  });
});
