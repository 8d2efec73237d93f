import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RunPlan } from '../../src/protocol/plan.ts';
import { writeHollowModel } from '../support/hollow-model.ts';
import { readJson } from '../trainer/support/read-json.ts';
import { assertNoStack, parseLines, TUNEBOOK, type Ended } from './support/tunebook.ts';
import { machineOf } from '../support/machine-of.ts';
import { eventsOf, workspace, type ConfigFields } from './support/workspace.ts';

const GIB = 2 ** 30;
/** What is refused has not been read: nothing that is asked for below takes longer. */
const SECONDS = 60;

/** 32 billion parameters in a hundred layers. */
const HUGE = {
  model_type: 'bert',
  hidden_size: 8192,
  num_hidden_layers: 100,
  num_attention_heads: 64,
  intermediate_size: 16_384,
  max_position_embeddings: 64,
};
const NO_ROOM =
  /error: The model and what is trained of it need [\d.,]+ [GT]iB, and this machine has [\d.]+ GiB\. \[run\/memory\]/;

describe('a run that has no room', () => {
  const space = workspace();

  function onMachine(bytes: number): void {
    space.at.env['NODE_OPTIONS'] = machineOf(bytes);
  }

  async function refused(...args: string[]): Promise<string> {
    const start = performance.now();
    const { code, stdout, stderr } = await space.at.run(...args, 'intents.tune.yaml');
    const seconds = (performance.now() - start) / 1000;
    assert.equal(code, 1, stderr);
    assert.equal(stdout, '');
    assert.ok(seconds < SECONDS, `it took ${seconds.toFixed(1)} s`);
    assert.deepEqual(space.at.runs(), []);
    return stderr;
  }

  async function plan(...args: string[]): Promise<RunPlan> {
    const { code, stdout, stderr } = await space.at.run('plan', 'intents.tune.yaml', '--json', ...args);
    assert.equal(code, 0, stderr);
    // SAFETY: the command says that this is what it prints.
    return (parseLines(stdout) as unknown as RunPlan[])[0]!;
  }

  /** A model of zeros with other sizes than the workspace's. */
  function hollowModel(fields: object, task: 'text-generation' | 'text-classification'): void {
    const config = { ...readJson(space.at.path('model', 'config.json')), ...fields };
    writeHollowModel(space.at.path('model'), config, task);
  }

  describe('because its model is larger than the memory', () => {
    function fromScratch(): void {
      space.at.config({
        dataset: { format: 'text', columns: { text: 'text' } },
        model: {
          base: 'scratch',
          tokenizer: 'model',
          task: 'fill-mask',
          num_labels: undefined,
          architecture: HUGE,
        },
      });
    }

    for (const command of ['plan', 'run']) {
      it(`is refused by \`${command}\` from scratch, with fewer layers that would fit`, async () => {
        fromScratch();
        const stderr = await refused(command);
        assert.match(stderr, NO_ROOM);
        const layers = /Set model: \{ architecture: \{ num_hidden_layers: (\d+) \} \}/.exec(stderr)?.[1];
        // On a machine with little memory not even one of these layers has room.
        if (layers === undefined) assert.match(stderr, /Give the architecture smaller sizes/);
        else assert.ok(Number(layers) > 0 && Number(layers) < 100);
      });

      it(`is refused by \`${command}\` with weights that are there, none of which is read`, async function () {
        // A file with a hole as large as this is a matter of course on the file systems of Linux and macOS alone.
        if (process.platform === 'win32') this.skip();
        hollowModel({ ...HUGE }, 'text-classification');
        space.at.config();
        assert.match(await refused(command), NO_ROOM);
      });
    }

    it('is told as an object with --json', async () => {
      fromScratch();
      const { code, stdout } = await space.at.run('plan', 'intents.tune.yaml', '--json');
      assert.equal(code, 1);
      const [told, ...more] = parseLines(stdout);
      assert.deepEqual(more, []);
      // SAFETY: their values are asserted.
      const { type, code: of, message, hint, file } = told as unknown as Record<string, string>;
      assert.deepEqual([type, of, file], ['error', 'run/memory', space.at.path('intents.tune.yaml')]);
      assert.match(message ?? '', /need [\d.,]+ [GT]iB/);
      assert.match(hint ?? '', /architecture/);
    });
  });

  it('fits with each of the ways to train it that the refusal names, by what is measured', async function () {
    this.timeout(300_000);
    // 42 million parameters: 160 MiB of weights, four times that to train them.
    hollowModel(
      { hidden_size: 768, intermediate_size: 3072, num_hidden_layers: 6, num_attention_heads: 12 },
      'text-classification',
    );
    onMachine(0.6 * GIB);
    space.at.config({ train: { max_steps: 1, per_device_train_batch_size: 2 } });
    const stderr = await refused('plan');
    const ways: Record<string, string[]> = {
      'train: { optim: adafactor }': ['train.optim=adafactor'],
      'method: { lora: { r: 8 } }': ['method.lora.r=8'],
      'method: { lora: { r: 8 }, quantization: { load_in_4bit: true } }': [
        'method.lora.r=8',
        'method.quantization.load_in_4bit=true',
      ],
    };
    for (const [told, set] of Object.entries(ways)) {
      assert.ok(stderr.includes(`${told} (needs at least`), stderr);
      const { probe } = await plan(...set.flatMap((each) => ['--set', each]));
      assert.ok(probe!.peakMemory < 0.6 * GIB, told);
    }
  });

  it('before its data are read is refused with settings that are neither refused nor warned of when they are taken', async function () {
    this.timeout(600_000);
    // 42 million parameters, as Llama has them, and rows as long as max_length, the worst that the data can be.
    const sizes = { hidden_size: 768, intermediate_size: 2048, num_hidden_layers: 6, vocab_size: 2000 };
    const heads = { num_attention_heads: 12, num_key_value_heads: 4, rms_norm_eps: 1e-5 };
    const more = { model_type: 'llama', hidden_act: 'silu', max_position_embeddings: 512 };
    hollowModel({ ...sizes, ...heads, ...more }, 'text-generation');
    space.at.write('data/train.csv', `text\n${`${'li '.repeat(300)}\n`.repeat(16)}`);
    const fields = (changed: ConfigFields): ConfigFields => ({
      dataset: { format: 'text', columns: { text: 'text' } },
      model: { task: 'text-generation', num_labels: undefined },
      ...changed,
      data: { max_length: 256, ...changed.data },
      train: { max_steps: 1, per_device_train_batch_size: 4, ...changed.train },
    });
    onMachine(0.5 * GIB);
    space.at.config(fields({}));
    const stderr = await refused('plan');
    const told = /next: Set (.+)\. Rows as long as max_length are counted\./.exec(stderr)?.[1] ?? '';
    const ways = told.split(', or ').map((way) => way.replace(/ \(needs at least .*\)$/, ''));
    const written = /^method: .* and train: \{ gradient_checkpointing: true/;
    assert.ok(ways.length === 2 && ways.every((way) => written.test(way)), stderr);
    for (const way of ways) {
      const settings = way.split(/ and (?=train|data)/).map((each): unknown => parse(each));
      // SAFETY: the refusal writes fields of a run.
      space.at.config(fields(Object.assign({}, ...settings) as ConfigFields));
      const { code, stdout, stderr: said } = await space.at.run('plan', 'intents.tune.yaml', '--json');
      assert.equal(code, 0, said);
      assert.doesNotMatch(said, /run\/memory/, way);
      // SAFETY: the command says that this is what it prints.
      const [{ probe } = { probe: undefined }] = parseLines(stdout) as unknown as RunPlan[];
      assert.ok(probe!.peakMemory < 0.5 * GIB, `${probe!.peakMemory} with ${way}`);
    }
  });

  it('counts packed rows by the first texts in what it proposes before its data are read', async () => {
    const sizes = { hidden_size: 768, intermediate_size: 2048, num_hidden_layers: 6, vocab_size: 2000 };
    const heads = { num_attention_heads: 12, num_key_value_heads: 4, rms_norm_eps: 1e-5 };
    const more = { model_type: 'llama', hidden_act: 'silu', max_position_embeddings: 512 };
    hollowModel({ ...sizes, ...heads, ...more }, 'text-generation');
    onMachine(0.55 * GIB);
    /** Bytes of the first proposal. */
    const proposed = async (rows: readonly number[], packing: object): Promise<number> => {
      const texts = rows.map((words) => 'li '.repeat(words));
      space.at.write('data/train.csv', `text\n${texts.map((text) => `${text}\n`).join('')}`);
      space.at.config({
        dataset: { format: 'text', columns: { text: 'text' } },
        model: { task: 'text-generation', num_labels: undefined },
        data: { max_length: 128, ...packing },
        train: { max_steps: 1, per_device_train_batch_size: 1 },
      });
      const stderr = await refused('plan');
      const remark = `Rows as long as max_length are counted${'packing' in packing ? ', packed as the first texts are' : ''}.`;
      assert.ok(stderr.includes(remark), stderr);
      return Number(/method: \{ lora: \{ r: 8 \} \} \(needs at least ([\d.]+) MiB/.exec(stderr)?.[1]);
    };
    const [long, short] = [Array<number>(8).fill(200), Array<number>(64).fill(12)];
    const alone = await proposed(long, {});
    // Attention is computed text by text: short ones need less of it, and among long ones each is given the place of a long one.
    assert.ok((await proposed(short, { packing: true })) < alone);
    assert.ok((await proposed([...long, ...short], { packing: true })) > alone);
  });

  describe('because its batch is too large', () => {
    /** Batches of equal rows; two thousand of them need some hundred MiB. */
    function batchesOf(size: number): void {
      const rows = `${'li '.repeat(36)},alpha\n`.repeat(size);
      space.at.write('data/train.csv', `text,label\nli,bravo\nli,charlie\nli,delta\nli,echo\n${rows}`);
      const fields: ConfigFields = { train: { per_device_train_batch_size: size, max_steps: 2 } };
      space.at.config({ ...fields, data: { max_length: 40 } });
    }

    it('is refused by what is counted, with a batch that then fits by what is measured', async function () {
      this.timeout(300_000);
      batchesOf(2000);
      onMachine(0.34 * GIB);
      const stderr = await refused('plan');
      assert.match(
        stderr,
        /the largest batch [\d.]+ MiB more, and this machine has 348\.2 MiB\. \[run\/memory\]/,
      );
      const found =
        /train: \{ gradient_checkpointing: true, per_device_train_batch_size: (\d+), gradient_accumulation_steps: (\d+) \}/.exec(
          stderr,
        );
      const [, size, steps] = found ?? [];
      assert.equal(Number(size) * Number(steps), 2000, stderr);
      const { probe } = await plan(
        ...[
          'gradient_checkpointing=true',
          `per_device_train_batch_size=${size}`,
          `gradient_accumulation_steps=${steps}`,
        ].flatMap((each) => ['--set', `train.${each}`]),
      );
      assert.ok(probe!.peakMemory < 0.34 * GIB);
    });

    it('is refused by what is measured where more was taken than there is', async () => {
      batchesOf(2000);
      // What can be counted has room there; what onnxruntime keeps has not.
      onMachine(0.4 * GIB);
      const stderr = await refused('plan', '--probe');
      assert.match(
        stderr,
        /The first steps took [\d.]+ MiB of memory, measured, and this machine has 409\.6 MiB\. \[run\/memory\]/,
      );
      assert.match(stderr, /next: Set train: \{ gradient_checkpointing: true/);
    });

    it('is counted and not measured where it needs more than is free, and the plan says how to measure it all the same', async () => {
      batchesOf(2000);
      onMachine(0.4 * GIB);
      const told =
        'Time and memory were not measured: the steps need more memory than is free. `tunebook plan intents.tune.yaml tiny --probe` takes them all the same.';
      const { code, stdout, stderr } = await space.at.run('plan', 'intents.tune.yaml');
      assert.equal(code, 0, stderr);
      assert.match(
        stderr,
        /^warning: The run takes at least [\d.]+ MiB more, and of this machine's 409\.6 MiB only [\d.]+ MiB are free: .* \[run\/memory-tight\]\n {2}next: End what else needs memory, or set train: /m,
      );
      assert.doesNotMatch(stderr, /Measuring/);
      assert.ok(stdout.includes(`time        ${told}\n`), stdout);
      const planned = await plan();
      assert.deepEqual([planned.notMeasured, planned.probe], [told, undefined]);
      // Who does not want to measure misses nothing.
      assert.equal((await plan('--no-probe')).notMeasured, undefined);
    });

    for (const command of ['plan', 'run']) {
      it(`is what \`${command}\` tells where the system gives it no more memory`, async function () {
        // `ulimit -d` holds what a process has of its own; other systems do not keep to it.
        if (process.platform !== 'linux') this.skip();
        this.timeout(300_000);
        batchesOf(6000);
        const { code, stdout, stderr } = await limited(1500, command);
        assert.equal(code, command === 'plan' ? 1 : 3, stderr);
        assertNoStack({ stdout, stderr });
        assert.match(
          stderr,
          /^intents\.tune\.yaml: error: The run got no more memory of this machine while it computed; it needs at least 1\.1 GiB, and more for what onnxruntime keeps\. \[run\/memory\]\n {2}next: Set train: \{ gradient_checkpointing: true, per_device_train_batch_size: \d+/m,
        );
        assert.doesNotMatch(stderr, /onnxruntime_src|bad_alloc|sequential_executor/);
        if (command === 'plan') return assert.deepEqual(space.at.runs(), []);
        const dir = space.at.onlyRun();
        const told = eventsOf(dir).flatMap((event) => (event.type === 'error' ? [event.code] : []));
        assert.deepEqual(told, ['run/memory']);
        for (const left of ['output', 'checkpoints']) assert.ok(!existsSync(join(dir, left)));
      });
    }
  });

  /** Runs a command with so many megabytes of memory. */
  async function limited(megabytes: number, command: string): Promise<Ended> {
    const script = `ulimit -d ${megabytes * 1024}; exec "$@"`;
    const child = spawn(
      'sh',
      ['-c', script, 'sh', process.execPath, TUNEBOOK, command, 'intents.tune.yaml'],
      {
        cwd: space.at.folder,
        env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...space.at.env },
      },
    );
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    // SAFETY: 'close' gives the exit code, or null, and the signal, or null.
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal, stdout, stderr };
  }
});
