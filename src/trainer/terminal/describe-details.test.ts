import assert from 'node:assert/strict';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../runs/testing/fixtures.ts';
import { RunWriter } from '../../runs/writer.ts';
import { readDetails } from '../launch/read-details.ts';
import { describeDetails } from './describe-details.ts';
import { createStyle } from './style.ts';

describe('tunebook show', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  it('tells what the run last took of its machine', () => {
    const dir = newRun(workspace.path);
    const writer = new RunWriter(dir);
    const lines = () => describeDetails(readDetails(dir), createStyle(false)).join('\n');
    assert.doesNotMatch(lines(), /machine/);
    for (const cpu_percent of [12, 187])
      writer.event({ type: 'system', step: 3, values: { cpu_percent, memory_megabytes: 445 } });
    assert.match(lines(), /machine +187 % of a core, 445 MiB of memory/);
    writer.close();
  });
});
