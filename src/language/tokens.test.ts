import assert from 'node:assert/strict';
import { loadProject } from './load.ts';
import { MemoryHost } from './testing/memory-host.ts';
import { findTokens } from './tokens.ts';

async function tokens(text: string, files: Record<string, string> = {}): Promise<string[]> {
  const path = '/w/a.tune.yaml';
  const project = await loadProject([path], new MemoryHost({ files: { [path]: text, ...files } }));
  const file = project.files.get(path);
  assert.ok(file);
  const found = findTokens(project, file);
  found.forEach(({ start }, index) => assert.ok(start >= (found[index - 1]?.end ?? 0), 'in order, apart'));
  return found.map(({ start, end, type, isDeclaration }) => {
    return `${text.slice(start, end)} ${type}${isDeclaration ? '*' : ''}`;
  });
}

describe('findTokens', () => {
  it('tells kind words, names, fields and values of an enumeration', async () => {
    assert.deepEqual(
      await tokens('dataset: a\nfiles: { train: x.csv }\nformat: text # yes\nformta: text\n'),
      [
        'dataset keyword',
        'a class*',
        'files property',
        'train variable*',
        'format property',
        'text enumMember',
      ],
    );
  });

  it('tells references that lead somewhere, part by part', async () => {
    const files = { '/w/b.tune.yaml': 'dataset: d\nfiles: { train: x }\n' };
    const text =
      'run: r\nextends: nothing\ndata: { train: b.tune.yaml#d.train, eval: d.test }\nmodel: { base: run:r }\n';
    assert.deepEqual(await tokens(text, files), [
      'run keyword',
      'r class*',
      'extends property',
      'data property',
      'train property',
      'd class',
      'train variable',
      'eval property',
      'model property',
      'base property',
      'r class',
    ]);
  });

  it('tells substitutions, and what an alias brings where it is written', async () => {
    assert.deepEqual(await tokens('run: r\nmodel: &m { base: "${env.HOME}/x-${vars.y}" }\ndata: *m\n'), [
      'run keyword',
      'r class*',
      'model property',
      'base property',
      '${env.HOME} macro',
      '${vars.y} macro',
      'data property',
    ]);
  });

  it('says nothing about a broken line, and goes on behind it', async () => {
    assert.deepEqual(await tokens('run: r\nmodel\ntrain: { seed: 1 }\n'), [
      'run keyword',
      'r class*',
      'train property',
      'seed property',
    ]);
  });
});
