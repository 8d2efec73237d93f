import assert from 'node:assert/strict';
import { askDevice } from './ask-device.ts';

/** A program that does this in the place of ours. */
const program = (script: string) => ({ command: process.execPath, args: ['-e', script] });

describe('a device that is tried in a process of its own', () => {
  it('may crash its driver: how it ended is the reason', async () => {
    const crash = `process.stderr.write('libGL: no such card\\n', () => process.kill(process.pid, 'SIGSEGV'))`;
    assert.equal(
      await askDevice('webgpu', 'try', program(crash)),
      'The process that tried it ended with SIGSEGV: libGL: no such card',
    );
    assert.equal(
      await askDevice('webgpu', 'try', program('process.exit(7)')),
      'The process that tried it ended with exit code 7.',
    );
  });

  it('may be tried by a program that does not start', async () => {
    const answer = await askDevice('cuda', 'try', { command: '/no/such/program', args: [] });
    assert.match(typeof answer === 'string' ? answer : '', /does not start: .*ENOENT/);
  });

  it('is asked of our own program, which says which library is missing', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    this.timeout(300_000);
    const answer = await askDevice('cuda', 'try');
    assert.ok(typeof answer !== 'string' && answer.type === 'trial');
    // With CUDA installed the trial finds a device, or another reason.
    if (!('problem' in answer.trial) || !answer.trial.problem.includes('library')) return this.skip();
    assert.match(
      answer.trial.problem,
      /^Its library \S+\/libonnxruntime_providers_\w+\.so could not be loaded: cannot open shared object file/,
    );
  });

  it('that onnxruntime was built without says what it was built with', async function () {
    if (process.platform !== 'linux') this.skip();
    this.timeout(300_000);
    assert.deepEqual(
      await askDevice('coreml', 'try').then((answer) => typeof answer !== 'string' && answer),
      {
        type: 'trial',
        trial: {
          device: 'coreml',
          problem: 'This build of onnxruntime has cpu, webgpu, cuda, tensorrt, but not coreml.',
        },
      },
    );
  });
});
