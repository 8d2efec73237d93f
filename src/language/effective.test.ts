import assert from 'node:assert/strict';
import { ancestry, effective } from './effective.ts';
import { loadProject } from './load.ts';
import { toValue, valueAt } from './node.ts';
import { MemoryHost } from './testing/memory-host.ts';
import type { Project } from './project.ts';

const PATH = '/w/a.tune.yaml';

async function load(text: string, files: Record<string, string> = {}): Promise<Project> {
  return loadProject([PATH], new MemoryHost({ files: { ...files, [PATH]: text } }));
}

function last(project: Project) {
  const document = project.files.get(PATH)?.documents.at(-1);
  assert.ok(document);
  return document;
}

async function merged(...documents: string[]): Promise<unknown> {
  const project = await load(documents.join('---\n'));
  const root = effective(project, last(project));
  return root && toValue(root);
}

describe('effective', () => {
  it('merges maps field by field and replaces everything else', async () => {
    assert.deepEqual(
      await merged(
        'run: a\nmodel: { base: b, labels: [x, y] }\ntrain: { seed: 1, learning_rate: 2 }\n',
        'run: c\nextends: a\nmodel: { labels: [z, w] }\ntrain: { seed: 3 }\n',
      ),
      {
        run: 'c',
        extends: 'a',
        model: { base: 'b', labels: ['z', 'w'] },
        train: { seed: 3, learning_rate: 2 },
      },
    );
  });

  it('does not inherit the name, nor whom a parent extends', async () => {
    assert.deepEqual(
      await merged('run: a\ntrain: { seed: 1 }\n', 'run: b\nextends: a\n', 'run: c\nextends: b\n'),
      {
        run: 'c',
        extends: 'b',
        train: { seed: 1 },
      },
    );
  });

  it('replaces a choice by another choice, and merges the same one', async () => {
    const parent = 'run: a\nmethod: { lora: { r: 8, lora_alpha: 16 } }\n';
    const method = async (text: string) => {
      const root = await merged(parent, `run: b\nextends: a\n${text}`);
      assert.ok(typeof root === 'object' && root !== null && 'method' in root);
      return root.method;
    };
    assert.deepEqual(await method('method: { full: {} }\n'), { full: {} });
    assert.deepEqual(await method('method: { lora: { r: 4 } }\n'), { lora: { r: 4, lora_alpha: 16 } });
    assert.deepEqual(await method('method:\n'), { lora: { r: 8, lora_alpha: 16 } });
    assert.deepEqual(await method('method: {}\n'), { lora: { r: 8, lora_alpha: 16 } });
  });

  it('replaces a candidate by another kind of candidate', async () => {
    assert.deepEqual(
      await merged(
        'evaluate: a\ncandidates: { x: { model: m }, y: { model: m } }\n',
        'evaluate: b\nextends: a\ncandidates: { x: { run: r } }\n',
      ),
      { evaluate: 'b', extends: 'a', candidates: { x: { run: 'r' }, y: { model: 'm' } } },
    );
  });

  it('lets every node know the document that it stands in', async () => {
    const project = await load('run: b\nextends: ../c.tune.yaml#a\ntrain: { seed: 3 }\n', {
      '/c.tune.yaml': 'run: a\ntrain: { learning_rate: 2 }\n',
    });
    const root = effective(project, last(project));
    assert.equal(valueAt(root, 'train', 'seed')?.document.file.path, PATH);
    assert.equal(valueAt(root, 'train', 'learning_rate')?.document.file.path, '/c.tune.yaml');
  });
});

describe('ancestry', () => {
  it('gives the nearest first, and ends where a circle closes', async () => {
    const project = await load('run: a\nextends: c\n---\nrun: b\nextends: a\n---\nrun: c\nextends: b\n');
    const { ancestors, cycle } = ancestry(project, last(project));
    assert.deepEqual(
      ancestors.map(({ name }) => name),
      ['b', 'a'],
    );
    assert.equal(cycle?.value, 'c');
  });

  it('ends where a name leads nowhere', async () => {
    const project = await load('run: a\nextends: nobody\n---\nrun: b\nextends: a\n');
    assert.deepEqual(
      ancestry(project, last(project)).ancestors.map(({ name }) => name),
      ['a'],
    );
  });
});
