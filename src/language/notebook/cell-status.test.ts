import assert from 'node:assert/strict';
import { loadProject } from '../load.ts';
import { DATASET, EVALUATE, RUN, WORLD } from '../testing/example.ts';
import { MemoryHost } from '../testing/memory-host.ts';
import { cellStatuses } from './cell-status.ts';
import { readNotebook } from './read-notebook.ts';
import { staleProblems } from './stale-problems.ts';
import { writeOutput } from './write-output.ts';

const PATH = '/w/a.tunebook.md';
const TEXT = [DATASET, RUN, EVALUATE].map((text) => `\`\`\`yaml tune\n${text}\`\`\`\n`).join('\nprose\n\n');

/** Hashes that can be read: all that goes into one. */
async function look(text: string, newest: Record<string, string> = {}) {
  const host = new MemoryHost({ ...WORLD, files: { ...WORLD.files, [PATH]: text } });
  const project = await loadProject([PATH], host);
  const file = project.files.get(PATH);
  assert.ok(file);
  const statuses = await cellStatuses(project, file, {
    isBroken: () => false,
    hash: async (inputs, runId) =>
      Buffer.from(JSON.stringify([inputs, inputs.flatMap(({ runs }) => runs.map(runId))])).toString('hex'),
    newestRun: (name) => newest[name],
  });
  return { file, statuses };
}

/** The text with a result below every cell, as if all had just been run. */
async function runAll(text: string): Promise<string> {
  let current = text;
  for (let index = 0; index < 3; index++) {
    const { statuses } = await look(current);
    const cell = readNotebook(current).cells[index];
    const inputs = statuses[index]?.inputs;
    assert.ok(cell && inputs !== undefined);
    const runs = index === 0 ? [] : [`id-${index}`];
    const { start, end, newText } = writeOutput(current, cell, {
      markdown: 'x',
      attributes: { runs, inputs },
    });
    current = current.slice(0, start) + newText + current.slice(end);
  }
  return current;
}

describe('cellStatuses', () => {
  const states = async (...request: Parameters<typeof look>) =>
    (await look(...request)).statuses.map(({ state }) => state);

  it('tells cells without a result, with one, and with nothing to run', async () => {
    assert.deepEqual(await states(TEXT), ['empty', 'empty', 'empty']);
    assert.deepEqual(await states(await runAll(TEXT)), ['fresh', 'fresh', 'fresh']);
    assert.deepEqual(await states('```yaml tune\nrun: partial\ntrain: { max_steps: 3 }\n```\n'), [
      'declares',
    ]);
  });

  it('names a cell and what it holds', async () => {
    const { statuses } = await look(TEXT);
    assert.deepEqual(statuses.map(({ name }) => name), ['intents', 'full', 'worth-it']); // prettier-ignore
    assert.deepEqual(statuses[1]?.documents, [{ kind: 'run', name: 'full' }]);
  });

  it('calls stale what has changed, and what reads its run; comments and places change nothing', async () => {
    const done = await runAll(TEXT);
    assert.deepEqual(await states(done.replace('run: full\n', 'run: full\ntrain: { max_steps: 9 }\n')), [
      'fresh',
      'stale',
      'stale',
    ]);
    assert.deepEqual(await states(`# Title\n\n${done.replace('run: full', '# a comment\nrun:   full')}`), [
      'fresh',
      'fresh',
      'fresh',
    ]);
  });

  it('calls an evaluation stale when there is a newer run', async () => {
    const done = await runAll(TEXT);
    assert.deepEqual(await states(done, { full: 'id-1' }), ['fresh', 'fresh', 'fresh']);
    assert.deepEqual(await states(done, { full: 'id-9' }), ['fresh', 'fresh', 'stale']);
  });

  it('calls a cell broken that refers to nothing', async () => {
    assert.deepEqual(await states(TEXT.replace('dataset: intents', 'dataset: other')), [
      'empty',
      'broken',
      'broken',
    ]);
  });

  it('notes at a result that it is stale', async () => {
    const text = (await runAll(TEXT)).replace('run: full\n', 'run: full\ntrain: { max_steps: 9 }\n');
    const { file, statuses } = await look(text);
    const found = staleProblems(file, statuses);
    assert.deepEqual(
      found.map(({ code, severity }) => [severity, code]),
      [
        ['information', 'notebook/stale-output'],
        ['information', 'notebook/stale-output'],
      ],
    );
    assert.match(text.split('\n')[(found[0]?.line ?? 0) - 1] ?? '', /^<!-- tunebook:output run=id-1/);
  });
});
