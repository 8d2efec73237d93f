import assert from 'node:assert/strict';
import { findDocument } from './find-document.ts';
import { readConfigFile } from '../runs/config-file.ts';
import { loadProject } from './load.ts';
import { MemoryHost } from './testing/memory-host.ts';

const PATH = '/w/a.tune.yaml';
const WHOLE = 'model: { base: b }\ndata: { train: d.train }\n';
const TWO = `run: first\n${WHOLE}---\nrun: second\n${WHOLE}`;

async function find(text: string, name?: string) {
  const project = await loadProject([PATH], new MemoryHost({ files: { [PATH]: text } }));
  return findDocument(project, PATH, 'run', name);
}

describe('findDocument', () => {
  it('finds by name', async () => {
    assert.equal((await find(TWO, 'second')).name, 'second');
  });

  it('takes the only one without a name, and does not count settings for others', async () => {
    const text = `run: defaults\ntrain: { seed: 1 }\n---\nrun: child\nextends: defaults\n${WHOLE}`;
    assert.equal((await find(text)).name, 'child');
    await assert.rejects(find(text, 'defaults'), {
      code: 'config/settings-only',
      message:
        '`run: defaults` of /w/a.tune.yaml lacks `model` and `data`, so it only holds fields for others.',
      hint: 'Take one that is whole: child.',
    });
  });

  it('lists the names where one is needed', async () => {
    await assert.rejects(find(TWO), {
      code: 'config/name-needed',
      message: '/w/a.tune.yaml has 2 `run:` documents: first, second.',
    });
  });

  it('says which name was meant', async () => {
    await assert.rejects(find(TWO, 'secnd'), {
      code: 'config/unknown-name',
      message: '/w/a.tune.yaml has no `run: secnd`; it has first, second.',
      hint: 'Did you mean second?',
    });
  });

  it('says that a name is of another kind', async () => {
    await assert.rejects(find(`${TWO}---\nsweep: rates\nrun: first\nover: { train.seed: [1] }\n`, 'rates'), {
      code: 'config/other-kind',
      message: '`rates` of /w/a.tune.yaml is a `sweep:` document, not a `run:`.',
      hint: 'This command cannot carry out a `sweep:` document; take a `run:`.',
    });
    await assert.rejects(find(`${TWO}---\nevaluate: e\n`, 'e'), {
      code: 'config/other-kind',
      hint: 'tunebook evaluate takes it.',
    });
  });

  it('says what to write where there is none', async () => {
    await assert.rejects(find('dataset: d\n'), {
      code: 'config/no-document',
      hint: 'Write one that starts with `run: NAME`.',
    });
  });

  it('says why a file cannot be read', async () => {
    const project = await loadProject([PATH], new MemoryHost({ files: {} }));
    assert.throws(() => findDocument(project, PATH, 'run'), {
      code: 'config/unreadable',
      message: '/w/a.tune.yaml cannot be read. There is no such file.',
      hint: 'Check the path.',
    });
  });

  it('says what to do about a file that cannot be read by what is wrong with it', async () => {
    const refused = async (content: Uint8Array | undefined, hint: string, path = import.meta.dirname) => {
      class Disk extends MemoryHost {
        override async readFile(path: string) {
          return content ?? readConfigFile(path);
        }
      }
      const folder = content === undefined ? path : PATH;
      const project = await loadProject([folder], new Disk({ files: {} }));
      assert.throws(() => findDocument(project, folder, 'run'), { code: 'config/unreadable', hint });
    };
    await refused(new Uint8Array([0x72, 0xff]), 'Save it as UTF-8.');
    await refused(undefined, 'Name a file in it: NAME.tune.yaml or NAME.tunebook.md.');
    // It has no end.
    if (process.platform !== 'win32')
      await refused(undefined, 'Write the config into a file, and name that.', '/dev/zero');
  });
});
