import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useSession } from './support/session.ts';

const SCRIPT = `from transformers import AutoModelForSequenceClassification, TrainingArguments

model = AutoModelForSequenceClassification.from_pretrained("./model", num_labels=3)
args = TrainingArguments("out", learning_rate=2e-5, per_device_train_batch_size=16, bf16=True)
`;

describe('Tunebook: Import Config', () => {
  const code = useSession({
    name: 'import',
    fill: (folder) => writeFileSync(join(folder, 'train.py'), SCRIPT),
  });

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
});
