import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { float32ToBfloat16 } from './dtype.ts';
import { writeSafetensors, type TensorToWrite } from './write.ts';

/** What `safetensors.torch.save` (safetensors 0.8.0) makes of {@link tensors}, with metadata {"format": "pt"}. */
const GOLDEN = {
  F32: 'CAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJhIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOls0XSwiZGF0YV9vZmZzZXRzIjpbMCwxNl19LCJiLndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpbMTYsNDBdfSwicyI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbNDAsNDRdfSwiaSI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzQ0LDU2XX19ICAgICAAAMA/AAAAwAAAgH9Z2YAzAAAAAKuqqj6rqiq/AICAPwCAgT8AAH9HAADoQAEAAAD+////AwAAAA==',
  BF16: 'CAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJpIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbMCwxMl19LCJhIjp7ImR0eXBlIjoiQkYxNiIsInNoYXBlIjpbNF0sImRhdGFfb2Zmc2V0cyI6WzEyLDIwXX0sImIud2VpZ2h0Ijp7ImR0eXBlIjoiQkYxNiIsInNoYXBlIjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpbMjAsMzJdfSwicyI6eyJkdHlwZSI6IkJGMTYiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzMyLDM0XX19ICABAAAA/v///wMAAADAPwDAgH+BMwAAqz4rv4A/gj9/R+hA',
};

const tensors = new Map<string, TensorToWrite>([
  ['b.weight', { shape: [2, 3], data: Float32Array.of(0, 1 / 3, -2 / 3, 1.00390625, 1.01171875, 65280) }],
  ['a', { shape: [4], data: Float32Array.of(1.5, -2, Infinity, 6e-8) }],
  ['s', { shape: [], data: Float32Array.of(7.25) }],
  ['i', { shape: [3], data: Int32Array.of(1, -2, 3) }],
]);

describe('writing safetensors', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tunebook-safetensors-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const dtype of ['F32', 'BF16'] as const) {
    it(`lays ${dtype} out byte for byte as the reference library`, () => {
      const file = path.join(folder, 'model.safetensors');
      writeSafetensors(file, tensors, { dtype });
      assert.equal(readFileSync(file).toString('base64'), GOLDEN[dtype]);
    });
  }

  it('leaves no temporary file beside the finished one', () => {
    writeSafetensors(path.join(folder, 'model.safetensors'), tensors);
    assert.deepEqual(readdirSync(folder), ['model.safetensors']);
  });

  it('says which file could not be written, and keeps the old one', () => {
    const missing = path.join(folder, 'no-such-folder', 'model.safetensors');
    assert.throws(
      () => writeSafetensors(missing, tensors),
      (error) =>
        error instanceof TunebookError && error.code === 'file/unwritable' && error.message.includes(missing),
    );
    if (process.getuid?.() === 0) return; // root may write everywhere
    chmodSync(folder, 0o500);
    assert.throws(() => writeSafetensors(path.join(folder, 'a'), tensors), TunebookError);
  });

  it('reports a full disk as such', function () {
    if (!existsSync('/dev/full')) this.skip();
    // A write to /dev/full fails with ENOSPC; the temporary file is made to be it through a link.
    const file = path.join(folder, 'model.safetensors');
    symlinkSync('/dev/full', `${file}.${process.pid}.tmp`);
    assert.throws(
      () => writeSafetensors(file, tensors),
      (error) => error instanceof TunebookError && error.code === 'run/disk-full' && error.hint !== undefined,
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it('refuses data that does not fit its shape', () => {
    const wrong = new Map([['a', { shape: [3], data: Float32Array.of(1, 2) }]]);
    assert.throws(() => writeSafetensors(path.join(folder, 'a'), wrong), /2 elements for the shape \[3\]/);
  });

  it('rounds to bfloat16 to nearest, ties to even, and keeps NaN', () => {
    const halves = new Uint16Array(5);
    float32ToBfloat16(Float32Array.of(1.00390625, 1.01171875, NaN, -0, 3.4e38), halves);
    assert.deepEqual([...halves], [0x3f80, 0x3f82, 0x7fc0, 0x8000, 0x7f80]);
  });
});
