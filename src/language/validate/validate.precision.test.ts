import assert from 'node:assert/strict';
import { DATASET, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const run = (field: string, device: string, method = '') =>
  stream(DATASET, `${RUN}train: { ${field}: true }\ntarget: { local: { device: ${device} } }\n${method}`);
const CAST = 'Program Cast requires f16.';

describe('mixed precision', () => {
  it('in bfloat16: why not, on each device', async () => {
    const messages = await Promise.all(
      ['cpu', 'webgpu', 'cuda', 'dml', 'coreml', 'auto'].map(async (device) => {
        const [only, ...more] = await diagnose(run('bf16', device), {
          devices: { auto: { device: 'webgpu' } },
        });
        assert.deepEqual(more, []);
        assert.equal(only?.code, 'tune/precision');
        return only.message.replace(/^`bf16` cannot be computed: (.+)\. Remove it .*$/, '$1');
      }),
    );
    assert.deepEqual(messages, [
      "on `cpu` onnxruntime's processor provider has no bfloat16 product",
      'on `webgpu` the shading language of WebGPU has no bfloat16',
      "on `cuda` the training graph has not been tried with CUDA's bfloat16 products",
      'on `dml` DirectML has no bfloat16',
      'on `coreml` CoreML has no bfloat16 product',
      'on `webgpu`, which `auto` takes here, the shading language of WebGPU has no bfloat16',
    ]);
  });

  it('in float16 on a GPU that has none: what it says of it', () =>
    expectProblem(
      run('«fp16»', 'webgpu'),
      {
        code: 'tune/precision',
        message: `\`fp16\` cannot be computed on \`webgpu\`: it multiplies no float16 here. ${CAST} Remove \`fp16\`, or set \`device: auto\`.`,
        fix: 'Remove fp16',
      },
      { devices: { webgpu: { noFloat16: CAST } } },
    ));

  it('in float16 on the processor: a warning that it is slower', async () => {
    const [found] = await diagnose(run('fp16', 'cpu'));
    assert.deepEqual([found?.code, found?.severity], ['tune/slow-precision', 'warning']);
    assert.match(
      found?.message ?? '',
      /^The processor multiplies no float16: .* no faster than without and needs more memory\./,
    );
    const [auto] = await diagnose(run('fp16', 'auto'), { devices: { auto: { device: 'cpu' } } });
    assert.match(
      auto?.message ?? '',
      /^The processor, the device that `auto` takes here, multiplies no float16/,
    );
  });

  it('in float16 on a GPU that has it, or of which nothing is known: nothing wrong', async () => {
    assert.deepEqual(await diagnose(run('fp16', 'webgpu'), { devices: { webgpu: {} } }), []);
    assert.deepEqual(await diagnose(run('fp16', 'cuda')), []);
    assert.deepEqual(await diagnose(run('fp16', 'auto')), []);
  });

  it('does not go with weights in 4 bits', async () => {
    const method = 'method: { lora: { r: 8 }, quantization: { load_in_4bit: true } }\n';
    assert.deepEqual((await diagnose(run('fp16', 'cpu', method))).map(summary), [
      'tune/inconsistent-settings: `fp16` does not go with `quantization`: weights in 4 bits are multiplied in float32, on the processor. Remove one of the two.',
    ]);
  });
});
