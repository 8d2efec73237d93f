import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useSession } from './support/session.ts';

const SCRIPT = `from transformers import AutoModelForSequenceClassification, TrainingArguments

model = AutoModelForSequenceClassification.from_pretrained("./model", num_labels=3)
args = TrainingArguments("out", learning_rate=2e-5, per_device_train_batch_size=16, bf16=True)
`;

const NOTEBOOK = JSON.stringify(
  {
    cells: [{ cell_type: 'code', metadata: {}, outputs: [], source: SCRIPT.match(/.*\n/g) }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  },
  undefined,
  1,
);

describe('Tunebook: Import Config', () => {
  const code = useSession({
    name: 'import',
    fill: (folder) => {
      writeFileSync(join(folder, 'train.py'), SCRIPT);
      writeFileSync(join(folder, 'shared.ipynb'), NOTEBOOK);
      writeFileSync(join(folder, 'torn.ipynb'), NOTEBOOK.slice(0, -20));
    },
  });

  /** Imports a file from its menu in the explorer. */
  async function importByMouse(file: string): Promise<void> {
    const { page } = code.window;
    const item = page.locator('.monaco-menu .action-item', { hasText: 'Import Config' }).first();
    const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: file }).first();
    await code.window.bring(item, () => row.click({ button: 'right' }));
    await code.window.screenshot(`import-menu-${file}`);
    await item.click();
  }

  it('turns the script in the editor into a config beside it, and says what was lost', async () => {
    const { window, workspace } = code;
    await window.openFile('train.py');
    await window.command('Tunebook: Import Config');
    await window.tab('train.tune.yaml').waitFor();
    await window.page
      .getByText(/settings of a Hugging Face script were carried over/)
      .first()
      .waitFor();
    await window.screenshot('imported');
    const text = readFileSync(join(workspace, 'train.tune.yaml'), 'utf8');
    assert.match(text, /bf16: True \(line 4\) No device computes bfloat16 here/);
    assert.match(text, /learning_rate: 2\.0e-5/);
    assert.equal(readFileSync(join(workspace, 'train.py'), 'utf8'), SCRIPT);
  });

  it('turns a notebook into a config from its menu in the explorer, and points into the notebook', async () => {
    const { window, workspace } = code;
    await importByMouse('shared.ipynb');
    await window.tab('shared.tune.yaml').waitFor();
    await window.inThemes((theme) => window.screenshot(`imported-notebook-${theme}`));
    const [, line] = /bf16: True \(line (\d+)\)/.exec(
      readFileSync(join(workspace, 'shared.tune.yaml'), 'utf8'),
    )!;
    assert.match(NOTEBOOK.split('\n')[Number(line) - 1]!, /bf16=True/);
  });

  it('turns the notebook in the editor into a config', async () => {
    const { window } = code;
    await window.pickFile('shared.ipynb');
    await window.page.locator('.notebook-editor .view-line').first().waitFor();
    await window.command('Tunebook: Import Config');
    await window.tab('shared-2.tune.yaml').waitFor();
  });

  it('says of a torn notebook what is wrong, and writes nothing', async () => {
    const { window, workspace } = code;
    await importByMouse('torn.ipynb');
    await window.page
      .getByText(/^This is no Jupyter notebook.*Save it again/)
      .first()
      .waitFor();
    await window.screenshot('import-torn-notebook');
    await window.page.getByRole('button', { name: 'Open File' }).first().click();
    await window.tab('torn.ipynb').waitFor();
    assert.ok(!existsSync(join(workspace, 'torn.tune.yaml')));
  });
});
