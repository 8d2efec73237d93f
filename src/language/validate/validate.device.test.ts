import assert from 'node:assert/strict';
import { DATASET, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem } from '../testing/expect-problem.ts';

const on = (device: string) => stream(DATASET, `${RUN}target: { local: { device: ${device} } }\n`);
const NO_DRIVER = 'This machine shows no NVIDIA driver: there is no /dev/nvidia0.';

describe('the device of a run', () => {
  it('that cannot be used here: why, and what to do', () =>
    expectProblem(
      on('«cuda»'),
      {
        code: 'tune/device',
        message: `\`cuda\` cannot be used on this machine. ${NO_DRIVER} Set \`device: auto\` for the best device that is there; docs/devices.md says what \`cuda\` needs.`,
        fix: 'Change to auto',
      },
      { devices: { cuda: { problem: NO_DRIVER } } },
    ));

  it('that is there, or of which nothing is known: nothing wrong', async () => {
    assert.deepEqual(await diagnose(on('webgpu'), { devices: { webgpu: {} } }), []);
    assert.deepEqual(await diagnose(on('coreml')), []);
  });
});
