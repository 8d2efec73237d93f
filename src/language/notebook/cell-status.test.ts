import assert from 'node:assert/strict';
import { loadProject } from '../load.ts';
import { DATASET, EVALUATE, RUN, WORLD } from '../testing/example.ts';
import { MemoryHost } from '../testing/memory-host.ts';
import { cellStatuses } from './cell-status.ts';
import { executionOrder } from './execution-order.ts';
import { readNotebook } from './read-notebook.ts';
import { staleProblems } from './stale-problems.ts';
import { writeOutput } from './write-output.ts';

const PATH = '/w/a.tunebook.md';
const TEXT = [DATASET, RUN, EVALUATE].map((text) => `\`\`\`yaml tune\n${text}\`\`\`\n`).join('\nprose\n\n');

/** Hashes that can be read: all that goes into one. */
async function look(text: string, newest: Record<string, string> = {}, gone: readonly string[] = []) {
  const host = new MemoryHost({ ...WORLD, files: { ...WORLD.files, [PATH]: text } });
  const project = await loadProject([PATH], host);
  const file = project.files.get(PATH);
  assert.ok(file);
  const statuses = await cellStatuses(project, file, {
    isBroken: () => false,
    hash: async (inputs, runId) =>
      Buffer.from(
        JSON.stringify([
          inputs,
          inputs.flatMap(({ runs, evaluations }) => [
            ...runs.map((name) => runId(name, 'run')),
            ...evaluations.map((name) => runId(name, 'evaluate')),
          ]),
        ]),
      ).toString('hex'),
    newestRun: (name) => newest[name],
    hasRun: (id) => !gone.includes(id),
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

  it('does not count a default that is written down as a change, and counts another value', async () => {
    const done = await runAll(TEXT);
    const withSeed = (seed: number) =>
      done.replace('eval: intents.validation }\n', `$&train: { seed: ${seed} }\n`);
    assert.notEqual(withSeed(42), done);
    assert.deepEqual(await states(withSeed(42)), await states(done));
    assert.equal((await states(withSeed(0)))[1], 'stale');
  });

  it('counts no default of a method either, so that one more of them makes nothing stale', async () => {
    for (const [part, given] of [
      ['lora', '{ r: 8 }'],
      ['dpo', '{ beta: 0.1 }'],
      ['orpo', '{ beta: 0.1 }'],
    ]) {
      const beside = part === 'lora' ? '' : 'full: {}, ';
      const method = `method: { ${beside}${part}: ${given} }\n`;
      const { statuses } = await look(TEXT.replace('eval: intents.validation }\n', `$&${method}`));
      const hashed = Buffer.from(statuses[1]?.inputs ?? '', 'hex').toString();
      assert.ok(hashed.includes(`"${part}":{}`), hashed);
    }
  });

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

  const OBJECTIVE = 'objective: ship\nevaluate: worth-it\naccept: { accuracy: ">= 0.9" }\n';
  const SWEEP = 'sweep: rates\nrun: full\nover: { train.learning_rate: [1.0e-4, 2.0e-4] }\n';
  const EXPORT = 'export: deploy\nmodel: run:full\nfolder: out\n';
  const PROMPT = 'prompt: ask\ntemplate: "{{ text }}"\n';
  const ASKED = EVALUATE.replace('base }', 'base, prompt: ask }');
  const cells = (...texts: string[]) => texts.map((text) => `\`\`\`yaml tune\n${text}\`\`\`\n`).join('\n');

  it('gives every kind inputs of its own', async () => {
    const { statuses } = await look(cells(OBJECTIVE, DATASET, PROMPT, RUN, SWEEP, ASKED, EXPORT));
    assert.deepEqual(
      statuses.map(({ state }) => state),
      Array.from({ length: 7 }, () => 'empty'),
    );
    assert.equal(new Set(statuses.map(({ inputs }) => inputs)).size, 7);
  });

  it('calls a prompt stale whose rows, examples or models have changed', async () => {
    const before = await look(cells(DATASET, PROMPT, RUN, ASKED));
    const after = await look(cells(DATASET, PROMPT, RUN, ASKED.replace('{ model: base,', '{ model: other,')));
    assert.notEqual(before.statuses[1]?.inputs, after.statuses[1]?.inputs);
  });

  it('does not call a prompt stale because a run that it is for has run', async () => {
    const text = cells(DATASET, PROMPT, RUN, ASKED.replace('model: base, prompt', 'run: full, prompt'));
    const hash = async (newest: Record<string, string>, of = text) =>
      (await look(of, newest)).statuses[1]?.inputs;
    assert.equal(await hash({}), await hash({ full: 'id-1' }));
    assert.notEqual(await hash({}), await hash({}, text.replace('base: base', 'base: other')));
  });

  it('calls an objective stale when there is a newer evaluation', async () => {
    const text = cells(DATASET, RUN, EVALUATE, OBJECTIVE);
    const hash = async (newest: Record<string, string>) => (await look(text, newest)).statuses[3]?.inputs;
    assert.notEqual(await hash({ 'worth-it': 'id-1' }), await hash({ 'worth-it': 'id-2' }));
  });

  it('carries an objective out behind its evaluation, wherever it stands', async () => {
    const { statuses } = await look(cells(OBJECTIVE, DATASET, RUN, EVALUATE, EXPORT));
    assert.equal(statuses[0]?.after, 3);
    assert.deepEqual(executionOrder(statuses), [1, 2, 3, 0, 4]);
    assert.deepEqual(executionOrder(statuses.slice(0, 2)), [0, 1]);
    const below = await look(cells(DATASET, RUN, EVALUATE, OBJECTIVE));
    assert.deepEqual(executionOrder(below.statuses), [0, 1, 2, 3]);
    const mixed = await look(cells(`${OBJECTIVE}---\n${RUN}`, DATASET, EVALUATE));
    assert.deepEqual(executionOrder(mixed.statuses), [0, 1, 2]);
  });

  it('calls a result stale whose run is gone, with what reads it, and says which; a check is silent about that', async () => {
    const done = await runAll(TEXT);
    const { file, statuses } = await look(done, {}, ['id-1']);
    assert.deepEqual(
      statuses.map(({ state, gone }) => [state, gone]),
      [
        ['fresh', undefined],
        ['stale', ['id-1']],
        ['stale', ['id-1']],
      ],
    );
    assert.deepEqual(staleProblems(file, statuses), []);
  });

  it('calls an evaluation stale that reads a run of a stale sweep', async () => {
    const text = cells(DATASET, RUN, SWEEP, EVALUATE.replace('run: full', 'run: rates-1'));
    const first = await look(text);
    let done = text;
    for (const index of [0, 1, 2, 3].reverse()) {
      const cell = readNotebook(done).cells[index];
      const inputs = first.statuses[index]?.inputs;
      assert.ok(cell && inputs !== undefined);
      const edit = writeOutput(done, cell, { markdown: 'x', attributes: { runs: [], inputs } });
      done = done.slice(0, edit.start) + edit.newText + done.slice(edit.end);
    }
    assert.deepEqual(await states(done), ['fresh', 'fresh', 'fresh', 'fresh']);
    assert.deepEqual(await states(done.replace('2.0e-4]', '3.0e-4]')), ['fresh', 'fresh', 'stale', 'stale']);
  });
});
