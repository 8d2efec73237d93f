import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { readHeader, readTensors } from './read.ts';
import { writeSafetensors } from './write.ts';

/** Made by `safetensors.torch.save` (safetensors 0.8.0): b.weight [2, 3], a [4], s [] in float16. */
const FLOAT16 =
  '0AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJhIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOls0XSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sImIud2VpZ2h0Ijp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOls4LDIwXX0sInMiOnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzIwLDIyXX19ICAgICAgAD4AwAB8AQAAAFU1VbkEPAw8+HtARw==';

describe('reading safetensors', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tunebook-safetensors-'));
    file = path.join(folder, 'model.safetensors');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A file with this JSON as its header and `bytes` zero bytes of data. */
  function craft(header: string, bytes: number, claimedLength = Buffer.byteLength(header)): void {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(claimedLength));
    writeFileSync(file, Buffer.concat([length, Buffer.from(header), Buffer.alloc(bytes)]));
  }

  function failure(): TunebookError {
    try {
      readTensors(file);
    } catch (error) {
      assert.ok(error instanceof TunebookError, String(error));
      assert.equal(error.location?.file, file);
      assert.ok(error.hint);
      return error;
    }
    assert.fail('the file was accepted');
  }

  it('reads float16 from the reference library', () => {
    writeFileSync(file, Buffer.from(FLOAT16, 'base64'));
    const tensors = readTensors(file);
    assert.deepEqual([...tensors.get('a')!.data], [1.5, -2, Infinity, 2 ** -24]);
    assert.deepEqual(tensors.get('b.weight')!.shape, [2, 3]);
    assert.equal(tensors.get('b.weight')!.data[1], 0.333251953125);
    assert.deepEqual(tensors.get('s'), { dtype: 'F16', shape: [], data: Float32Array.of(7.25) });
  });

  it('reads back what was written, in F32 exactly and in BF16 rounded', () => {
    const data = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    writeSafetensors(file, new Map([['w', { shape: [10, 100], data }]]));
    assert.deepEqual(readTensors(file).get('w')!.data, data);
    writeSafetensors(file, new Map([['w', { shape: [10, 100], data }]]), { dtype: 'BF16' });
    const rounded = readTensors(file, ['w']).get('w')!;
    assert.equal(rounded.dtype, 'BF16');
    for (let i = 0; i < 1000; i++)
      assert.ok(Math.abs(rounded.data[i]! - data[i]!) <= Math.abs(data[i]!) / 256);
  });

  it('joins the shards that an index names', () => {
    writeSafetensors(path.join(folder, 'model-1.safetensors'), new Map([['a', one(1)]]));
    writeSafetensors(path.join(folder, 'model-2.safetensors'), new Map([['b', one(2)]]));
    const index = { weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' } };
    writeFileSync(path.join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
    assert.deepEqual([...readTensors(folder)].map(([name, { data }]) => [name, data[0]]), [['a', 1], ['b', 2]]); // prettier-ignore
  });

  it('refuses an index that names a file elsewhere', () => {
    file = path.join(folder, 'model.safetensors.index.json');
    writeFileSync(file, JSON.stringify({ weight_map: { a: '../../etc/passwd' } }));
    assert.throws(() => readTensors(folder), /which is no file beside it/);
  });

  it('says how many bytes a truncated file has and should have', () => {
    writeSafetensors(file, new Map([['w', { shape: [100], data: new Float32Array(100) }]]));
    const { end } = readHeader(file).tensors.get('w')!;
    truncateSync(file, end - 150);
    assert.equal(failure().code, 'safetensors/truncated');
    assert.match(
      failure().message,
      new RegExp(`has ${end - 150} bytes and should have ${end} \\(150 are missing\\)`),
    );
    truncateSync(file, 20);
    assert.match(failure().message, /has 20 bytes and should have/);
    truncateSync(file, 3);
    assert.match(failure().message, /has 3 bytes and should have 8/);
  });

  const tensor = (begin: number, end: number, extra = '') =>
    `{"dtype":"F32","shape":[${(end - begin) / 4}],"data_offsets":[${begin},${end}]${extra}}`;
  const hostile: [what: string, header: string, bytes: number, message: RegExp][] = [
    ['overlapping offsets', `{"a":${tensor(0, 8)},"b":${tensor(4, 12)}}`, 12, /"b" and "a" overlap/],
    ['holes', `{"a":${tensor(0, 8)},"b":${tensor(12, 16)}}`, 16, /4 bytes before the data of "b"/],
    ['duplicate names', `{"a":${tensor(0, 8)},"a":${tensor(0, 8)}}`, 8, /"a" stands in its header twice/],
    ['duplicate names, one escaped', `{"a":${tensor(0, 8)},"\\u0061":${tensor(0, 8)}}`, 8, /header twice/],
    [
      'sizes that do not follow',
      '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}',
      8,
      /needs 12 bytes/,
    ],
    ['a negative shape', '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}', 8, /shape \[-1\]/],
    [
      'a shape beyond integers',
      '{"a":{"dtype":"F32","shape":[1e300,1e300],"data_offsets":[0,8]}}',
      8,
      /shape/,
    ],
    [
      'offsets backwards',
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}',
      8,
      /data_offsets \[8,0\]/,
    ],
    ['an unknown type', '{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}', 8, /type "F8_E4M3"/],
    ['no JSON', '{"a":', 8, /no JSON/],
    ['no object', '[1,2]', 8, /no JSON object/],
    ['bytes after the end', `{"a":${tensor(0, 8)}}`, 9, /its header describes/],
    ['metadata that is no text', '{"__metadata__":{"format":1}}', 0, /"format", which is no string/],
  ];
  for (const [what, header, bytes, message] of hostile) {
    it(`refuses ${what}`, () => {
      craft(header, bytes);
      assert.match(failure().message, message);
    });
  }

  it('refuses a huge header length without reading it', () => {
    craft('{}', 0, 2 ** 50);
    assert.match(failure().message, /header of 1125899906842624 bytes/);
  });

  it('names the file that is missing, and the tensor', () => {
    assert.equal(failure().code, 'file/missing');
    writeSafetensors(file, new Map([['a', one(1)]]));
    assert.throws(() => readTensors(file, ['a', 'bert.pooler']), /no tensor "bert.pooler"/);
  });

  it('explains a folder that holds pickled weights only', () => {
    writeFileSync(path.join(folder, 'pytorch_model.bin'), '');
    assert.throws(
      () => readTensors(folder),
      (error) =>
        error instanceof TunebookError &&
        error.code === 'model/no-weights' &&
        /pytorch_model/.test(error.hint!),
    );
  });

  function one(value: number): { shape: number[]; data: Float32Array } {
    return { shape: [1], data: Float32Array.of(value) };
  }
});
