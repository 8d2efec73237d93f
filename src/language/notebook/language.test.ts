import assert from 'node:assert/strict';
import { check } from '../check.ts';
import { complete } from '../complete.ts';
import { findDefinition } from '../definition.ts';
import { hover } from '../hover.ts';
import { loadProject } from '../load.ts';
import { DATASET, RUN, WORLD } from '../testing/example.ts';
import { atCursor } from '../testing/cursor-mark.ts';
import { MemoryHost } from '../testing/memory-host.ts';

const PATH = '/w/a.tunebook.md';

function cell(text: string): string {
  return `\`\`\`yaml tune\n${text}\`\`\`\n`;
}

async function open(text: string) {
  const host = new MemoryHost({ ...WORLD, files: { ...WORLD.files, [PATH]: text } });
  return { host, project: await loadProject([PATH], host) };
}

/** Problems as `line:column code`. */
async function problems(text: string): Promise<string[]> {
  const { host } = await open(text);
  const found = await check([PATH], host);
  return found.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

describe('the language in a notebook', () => {
  const whole = `# Intents\n\nrun: prose is no config\n\n${cell(DATASET)}\n- a list\n\n${cell(RUN)}`;

  it('shares names among cells', async () => assert.deepEqual(await problems(whole), []));

  it("tells mistakes with the file's own lines", async () => {
    const line = whole.slice(0, whole.indexOf('run: full')).split('\n').length;
    assert.deepEqual(await problems(whole.replace('run: full', 'run: full\nbogus: 1')), [
      `${line + 1}:1 tune/unknown-field`,
    ]);
  });

  it('says that two cells define one name', async () => {
    const twice = `${whole}\n${cell(DATASET)}`;
    assert.match((await problems(twice)).join(), /tune\/duplicate-name$/);
  });

  it('reads the cells behind one that is broken', async () => {
    const broken = whole.replace('run: prose is no config', cell('run: [a\n').trim());
    const found = await problems(broken);
    assert.ok(found.includes('4:1 tune/syntax'), found.join());
    assert.deepEqual(found.filter((each) => !each.startsWith('4:')), []); // prettier-ignore
  });

  it('tells what is wrong with the Markdown', async () => {
    assert.deepEqual(await problems(`${whole}\n<!-- tunebook:output run=a -->\n`), [
      `${whole.split('\n').length + 1}:1 notebook/output-mark`,
    ]);
  });

  it('completes inside of a cell, and not in prose', async () => {
    const at = async (marked: string) => {
      const { text, offset } = atCursor(marked);
      const { host, project } = await open(text);
      return (await complete({ project, path: PATH, offset, host })).map(({ label }) => label);
    };
    assert.deepEqual(await at(whole.replace('run: prose', 'run|: prose')), []);
    assert.ok((await at(`${whole}\n${cell('evaluate: e\ndata: |\n')}`)).includes('intents.test'));
    assert.ok((await at(`${whole}\n${cell('|\n')}`)).includes('dataset'));
  });

  it('finds what another cell defines', async () => {
    const text = `${whole}\n${cell('run: more\nextends: full\n')}`;
    const { project, host } = await open(text);
    const offset = text.indexOf('extends: full') + 'extends: f'.length;
    const found = findDefinition(project, PATH, offset);
    assert.ok(found && 'file' in found);
    assert.equal(found.file.text.slice(found.start, found.end), 'run');
    assert.equal(found.start, text.indexOf('run: full'));
    assert.match((await hover({ project, path: PATH, offset, host }))?.markdown ?? '', /full/);
  });
});
