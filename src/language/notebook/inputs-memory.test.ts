import assert from 'node:assert/strict';
import type { DocumentInputs } from '../../protocol/notebook.ts';
import { loadProject } from '../load.ts';
import { MemoryHost } from '../testing/memory-host.ts';
import { documentInputs } from './document-inputs.ts';
import { InputsMemory } from './inputs-memory.ts';

const PATH = '/w/a.tunebook.md';
const SHARED = '/w/shared.tune.yaml';
const CELLS = {
  data: 'dataset: facts\nfiles: { train: data.csv, test: data.csv }\nformat: classification',
  usual: 'run: usual\nmodel: { base: ./base }\ndata: { train: facts.train }\ntrain: { seed: 1 }',
  own: 'run: own\nextends: shared.tune.yaml#defaults\nmodel: { base: ./base }\ndata: { train: facts.train }',
  sweep: 'sweep: rates\nrun: usual\nover: { train.learning_rate: [1.0e-3, 1.0e-4] }',
  evaluate: 'evaluate: which\ndata: facts.test\ncandidates: { one: { run: usual }, two: { run: own } }',
};

/** Inputs by the names of the cells, and those that are worked out anew. */
async function look(
  memory: InputsMemory,
  cells: Record<string, string>,
  shared = 'run: defaults\ntrain: { seed: 7 }\n',
) {
  const text = Object.values(cells).map((cell) => `\`\`\`yaml tune\n${cell}\n\`\`\`\n`);
  const files = { [PATH]: text.join('\nprose\n\n'), [SHARED]: shared };
  const project = await loadProject([PATH, SHARED], new MemoryHost({ files }));
  const documents = project.files.get(PATH)?.documents ?? [];
  const inputs = new Map<string, DocumentInputs | undefined>();
  for (const document of documents) {
    const found = memory.recall(project, document);
    assert.deepEqual(found, documentInputs(project, document), document.name);
    inputs.set(document.name ?? '', found);
  }
  return inputs;
}

describe('inputs of the cells of a notebook, remembered', () => {
  const names = ['facts', 'usual', 'own', 'rates', 'which'];
  const changedBy = async (cells: Record<string, string>, shared?: string) => {
    const memory = new InputsMemory();
    const before = await look(memory, CELLS);
    const after = await look(memory, cells, shared);
    return names.filter((name) => before.get(name) !== after.get(name));
  };

  it('are the same objects while nothing changes, also where cells move', async () => {
    assert.deepEqual(await changedBy(CELLS), []);
    assert.deepEqual(
      await changedBy({ first: 'dataset: other\nfiles: { train: data.csv }\nformat: text', ...CELLS }),
      [],
    );
  });

  it('are worked out anew for the cell that changed, and for those that refer to it', async () => {
    const usual = CELLS.usual.replace('seed: 1', 'seed: 2');
    assert.deepEqual(await changedBy({ ...CELLS, usual }), ['usual', 'rates']);
    const data = CELLS.data.replace('test: data.csv', 'test: other.csv');
    assert.deepEqual(await changedBy({ ...CELLS, data }), ['facts', 'usual', 'own', 'rates', 'which']);
  });

  it('follow what is inherited from another file', async () => {
    const changed = await changedBy(CELLS, 'run: defaults\ntrain: { seed: 8 }\n');
    assert.ok(changed.includes('own'));
    assert.ok(!changed.includes('usual') && !changed.includes('facts'));
  });

  it('are forgotten with their documents', async () => {
    const memory = new InputsMemory();
    const before = await look(memory, CELLS);
    memory.keep([]);
    assert.notEqual((await look(memory, CELLS)).get('facts'), before.get('facts'));
  });
});
