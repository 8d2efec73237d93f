import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readTask, taskArguments, taskLabel, TASK_COMMANDS } from './task-command.ts';

interface Manifest {
  contributes: {
    taskDefinitions: { properties: { command: { enum: string[] } } }[];
    problemMatchers: { pattern: Record<string, string | number> & { regexp: string } }[];
  };
}

// SAFETY: the manifest of this package, whose parts below are looked at by the tests.
const MANIFEST = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as Manifest;

describe('a task of tasks.json', () => {
  it('becomes a command line', () => {
    const task = readTask({ type: 'tunebook', command: 'run', config: 'a b.tune.yaml', name: 'lora' });
    assert.deepEqual(taskArguments(task), ['run', 'a b.tune.yaml', 'lora']);
    assert.equal(taskLabel(task), 'run lora');
    const check = readTask({ command: 'check', config: '.', args: ['--sarif'] });
    assert.deepEqual(taskArguments(check), ['check', '.', '--sarif']);
    assert.equal(taskLabel(check), 'check .');
  });

  it('that is wrong says which field, what it is, and what it must be', () => {
    const says = (definition: Record<string, unknown>, words: RegExp) =>
      assert.throws(() => readTask(definition), words);
    says({ config: 'a.tune.yaml' }, /`command` of a Tunebook task is missing; .* run, evaluate, check, plan/);
    says({ command: 'train', config: 'a.tune.yaml' }, /`command` .* is "train"/);
    says({ command: 'run' }, /`config` of a Tunebook task is missing/);
    says({ command: 'run', config: 'a', name: 3 }, /`name` .* is 3/);
    says({ command: 'run', config: 'a', args: '--json' }, /`args` .* a list of strings/);
  });

  it('knows the commands that the manifest offers', () => {
    const [definition] = MANIFEST.contributes.taskDefinitions;
    assert.deepEqual(definition?.properties.command.enum, [...TASK_COMMANDS]);
  });
});

describe('the problem matcher', () => {
  const pattern = MANIFEST.contributes.problemMatchers[0]?.pattern;
  const match = (line: string) => new RegExp(pattern?.regexp ?? '').exec(line);

  it('finds what the command line says of a file', () => {
    const found = match(
      '/w/a b.tune.yaml:4:10: error: `learning_rat` is not a field of `train`. Did you mean `learning_rate`? [tune/unknown-field]',
    );
    assert.ok(found && pattern);
    const part = (name: string) => found[Number(pattern[name])];
    assert.equal(part('file'), '/w/a b.tune.yaml');
    assert.deepEqual([part('line'), part('column')], ['4', '10']);
    assert.equal(part('severity'), 'error');
    assert.equal(part('message'), '`learning_rat` is not a field of `train`. Did you mean `learning_rate`?');
    assert.equal(part('code'), 'tune/unknown-field');
    assert.equal(match('c:\\w\\a.tune.yaml:1:2: warning: x. [tune/y]')?.[1], 'c:\\w\\a.tune.yaml');
  });

  it('finds nothing in the lines of a run', () => {
    for (const line of [
      'step 12 of 40  loss 1.23',
      '    4 | train: { learning_rat: 1 }',
      '2 errors in a.yaml.',
    ])
      assert.equal(match(line), null);
  });
});
