import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toWire } from '../../protocol/numbers.ts';
import { readEvents } from '../../runs/events.ts';
import { manifest, newRun, ownRuntimeFolder, temporaryFolder } from '../../runs/testing/fixtures.ts';
import { RunWriter } from '../../runs/writer.ts';
import { crc32c, maskedCrc32c } from './crc32c.ts';
import { flatten } from './flatten.ts';
import { MetricsReporter } from './metrics-reporter.ts';
import { MlflowSink } from './mlflow.ts';
import { readTfevents } from './read-tfevents.ts';
import { TensorBoardSink } from './tensorboard.ts';
import { fileVersion, scalars } from './tfevents.ts';
import { WandbSink } from './wandb.ts';

const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/reports/', import.meta.url));
const TIME = 1_790_000_000;

describe('crc32c', () => {
  it('is that of RFC 3720, appendix B.4, and masked as TFRecord has it', () => {
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
    assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
    assert.equal(maskedCrc32c(new Uint8Array(0)), 0xa282ead8);
  });
});

describe('events files of TensorBoard', () => {
  it('written here are byte for byte those that TensorBoard read (python/check_reports.py)', () => {
    const parts = [
      fileVersion(TIME),
      scalars(1, TIME + 0.5, { 'train/loss': 0.75, 'train/epoch': 0.25 }),
      scalars(300, TIME + 1, { 'eval/loss': NaN, 'train/loss': Infinity }),
    ];
    assert.deepEqual(Buffer.concat(parts), readFileSync(join(FIXTURES, 'ours.tfevents')));
  });

  it('written by TensorBoard are read here: simple values, tensors, and what is no number', () => {
    const found = readTfevents(readFileSync(join(FIXTURES, 'theirs.tfevents')), 'theirs');
    const expected: unknown = JSON.parse(readFileSync(join(FIXTURES, 'theirs.json'), 'utf8'));
    assert.deepEqual(
      found.map(({ tag, step, value }) => [tag, step, toWire(value)]),
      expected,
    );
    assert.ok(found.every(({ time }) => time > 1.6e9));
  });

  it('that are damaged say where; a torn end is left out', () => {
    const whole = readFileSync(join(FIXTURES, 'ours.tfevents'));
    assert.equal(readTfevents(whole.subarray(0, whole.length - 3), 'x').length, 2);
    const damaged = Buffer.from(whole);
    damaged[60] = (damaged[60] ?? 0) ^ 1;
    assert.throws(() => readTfevents(damaged, 'x'), { code: 'import/not-tfevents' });
    assert.throws(() => readTfevents(Buffer.from('text that is no events file at all'), 'x'), {
      code: 'import/not-tfevents',
    });
  });
});

describe('reports to other tools', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();
  const config = {
    train: { learning_rate: 1e-3 },
    data: { train: { dataset: { name: 'rows' }, split: 'a' } },
    l: [1],
  };

  function step(writer: RunWriter, number: number, loss: number): void {
    writer.event({
      type: 'metrics',
      split: 'train',
      step: number,
      epoch: number / 4,
      values: { loss: toWire(loss) },
    });
  }

  it('begin anew with what the run holds after it was taken back, so that nothing is doubled', () => {
    const dir = newRun(folder.path);
    const described = manifest({ config });
    const sinks = () => [
      new TensorBoardSink(dir),
      new MlflowSink(dir, described),
      new WandbSink(dir, described),
    ];
    let writer = new RunWriter(dir);
    let reporter = new MetricsReporter(writer, sinks());
    for (let i = 1; i <= 6; i++) step(writer, i, i === 2 ? NaN : 1 / i);
    reporter.end('failed');
    writer.close();
    writer = new RunWriter(dir);
    reporter = new MetricsReporter(writer, sinks());
    writer.event({ type: 'state', state: 'preparing' });
    writer.rewind(4);
    for (let i = 5; i <= 8; i++) step(writer, i, 1 / i);
    reporter.end('finished');
    writer.close();

    const [file = ''] = readdirSync(join(dir, 'tensorboard'));
    assert.match(file, /^events\.out\.tfevents\.\d{10}\./);
    const losses = readTfevents(readFileSync(join(dir, 'tensorboard', file)), file).filter(
      ({ tag }) => tag === 'train/loss',
    );
    assert.deepEqual(
      losses.map(({ step: at, value }) => [at, toWire(value)]),
      [1, 2, 3, 4, 5, 6, 7, 8].map((i) => [i, i === 2 ? 'NaN' : Math.fround(1 / i)]),
    );

    const store = join(folder.path, '.tunebook', 'mlruns', '0');
    assert.match(readFileSync(join(store, 'meta.yaml'), 'utf8'), /name: 'Default'/);
    const [id = ''] = readdirSync(store).filter((name) => name !== 'meta.yaml');
    const lines = readFileSync(join(store, id, 'metrics', 'loss'), 'utf8')
      .trimEnd()
      .split('\n');
    assert.equal(lines.length, 8);
    assert.match(lines[1] ?? '', /^\d+ nan 2$/);
    assert.match(readFileSync(join(store, id, 'meta.yaml'), 'utf8'), /^status: 3$/m);
    assert.equal(readFileSync(join(store, id, 'params', 'train.learning_rate'), 'utf8'), '0.001');
    assert.equal(readFileSync(join(store, id, 'params', 'data.train'), 'utf8'), 'rows.a');
    const [offline = ''] = readdirSync(join(dir, 'wandb'));
    assert.match(offline, /^offline-run-\d{8}_\d{6}-[0-9a-f]{8}$/);
  });

  it('that cannot be written are left out with one warning, and the run goes on', () => {
    const dir = newRun(folder.path);
    writeFileSync(join(folder.path, '.tunebook', 'in-the-way'), '');
    mkdirSync(join(dir, 'tensorboard-blocked'));
    const writer = new RunWriter(dir);
    const broken = {
      name: 'broken',
      begin: () => undefined,
      write: () => {
        throw new Error('no room');
      },
      end: () => undefined,
    };
    const reporter = new MetricsReporter(writer, [broken, new TensorBoardSink(dir)]);
    for (let i = 1; i <= 3; i++) step(writer, i, 1);
    reporter.end('finished');
    writer.close();
    const warnings = readEvents(dir).events.filter(({ type }) => type === 'warning');
    assert.equal(warnings.length, 1);
    assert.ok(existsSync(join(dir, 'tensorboard')));
  });

  it('leave out what a run does not ask for', () => {
    assert.deepEqual(flatten({ a: { b: 1, c: null }, d: ['x'], e: 'y' }), {
      'a.b': 1,
      'a.c': null,
      d: '["x"]',
      e: 'y',
    });
  });
});
