import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { MemoryHost } from '../testing/memory-host.ts';
import { importConfig } from './import-config.ts';
import { importFile } from './import-file.ts';
import { notebookCode, withoutMagics } from './notebook-code.ts';

const NOTEBOOK = new URL('../../../test/fixtures/import/script/notebook.ipynb', import.meta.url);

/** A notebook with these cells of code. */
function notebook(...sources: (string | string[])[]): string {
  const cells = sources.map((source) => ({ cell_type: 'code', metadata: {}, outputs: [], source }));
  return JSON.stringify({ cells, nbformat: 4, nbformat_minor: 5 });
}

describe('a Jupyter notebook', () => {
  it('is read as a script, and what is told of a setting points to its line in the file', () => {
    const text = readFileSync(NOTEBOOK, 'utf8');
    const { notes, text: made } = importConfig(text, {
      file: 'notebook.ipynb',
      paths: { onDisk: () => undefined },
    });
    assert.match(made, /^ {2}base: hf:example\/tiny-base$/m);
    const lines = text.split('\n');
    for (const name of ['LoraConfig.r', 'SFTTrainer.model', 'SFTConfig.max_steps']) {
      const { line } = notes.find(({ setting }) => setting === name)!;
      assert.match(lines[line - 1]!, new RegExp(`${name.split('.')[1]}=`));
    }
  });

  it('has no line of IPython in its Python, and no cell of another language', () => {
    const code = notebookCode(
      notebook('%%bash\nls', ['if x:\n', '    !pip install trl\n', '    a = 1']),
      'x',
    );
    assert.equal(code, 'if x:\n    !pip install trl\n    a = 1');
    assert.equal(withoutMagics(code), 'if x:\n    pass\n    a = 1');
  });

  it('that only starts a script has the settings of that command', () => {
    const source = '!trl sft --model_name_or_path a/b --dataset_name c/d --max_steps 5';
    const { tool, text } = importConfig(notebook(source), {
      file: 'x.ipynb',
      paths: { onDisk: () => undefined },
    });
    assert.equal(tool, 'trl');
    assert.match(text, /max_steps: 5/);
    assert.match(text, /the command in line 1/);
  });

  it('that is none is refused with what to do', () => {
    for (const text of ['{', '{"nbformat": 4}', '[]', '{"cells": [1, {"cell_type": "code"}]'])
      assert.throws(() => notebookCode(text, 'x.ipynb'), { code: 'import/syntax', hint: /Save it again/ });
  });

  it('that is none is told of by its path', async () => {
    const host = new MemoryHost({ files: { '/work/torn.ipynb': '{' } });
    await assert.rejects(importFile(host, { file: '/work/torn.ipynb', folder: '/work', roots: ['/work'] }), {
      code: 'import/syntax',
      location: { file: '/work/torn.ipynb', line: 1, column: 1 },
    });
  });
});
