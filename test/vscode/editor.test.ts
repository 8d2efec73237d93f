import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE } from './support/example.ts';
import { inOrder } from './support/in-order.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';

/** A second file, which uses the first one's data set and a name that transformers 5 does not have any more. */
const OTHER = 'other.tune.yaml';
const OTHER_TEXT = `run: intents-short
extends: ${EXAMPLE.config}#intents-full
data: { train: intents.train, eval: intents.validation }
train:
  warmup_ratio: 0.2
  max_steps: 40
  
`;

/** A third one, which says a number once and takes it twice. */
const ANCHORED = 'anchored.tune.yaml';
const ANCHORED_TEXT = `run: intents-often
extends: ${EXAMPLE.config}#intents-full
train:
  eval_strategy: steps
  save_strategy: steps
  eval_steps: &often 20
  save_steps: *often
`;

/** A fourth one, of some 70 billion parameters. */
const HUGE = 'huge.tune.yaml';
const HUGE_TEXT = `run: huge
model:
  base: scratch
  task: text-classification
  num_labels: 20
  tokenizer: base
  architecture: { model_type: bert, hidden_size: 8192, num_hidden_layers: 100, num_attention_heads: 64, intermediate_size: 16384 }
data: { train: intents.train, max_length: 64 }
train: { max_steps: 3 }
`;

function copyExampleWithOthers(workspace: string): void {
  copyExample(workspace);
  writeFileSync(join(workspace, OTHER), OTHER_TEXT);
  writeFileSync(join(workspace, ANCHORED), ANCHORED_TEXT);
  writeFileSync(join(workspace, HUGE), HUGE_TEXT);
}

describe('the run-config language in the editor', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({ name: 'editor', fill: copyExampleWithOthers });
  const read = (file: string) => readFileSync(join(code.workspace, file), 'utf8');
  const savedTo = (file: string, what: string, holds: (text: string) => boolean) =>
    until(what, async () => {
      await code.window.command('File: Save All Files');
      return holds(read(file));
    });

  it('says behind the name of a run what it will be, and behind a split how many rows it has', async () => {
    const { window } = code;
    await window.openFile(EXAMPLE.config);
    await window.placeOf('301 rows');
    await window.placeOf('264 steps · batch 16 · ≤ 1,024 tokens a step · 2.4 M parameters');
    await window.screenshot('editor-1-inlay-hints');
  });

  it('offers Run and Plan over a run, and Evaluate over an evaluation', async () => {
    const { window } = code;
    await window.lens(`Train ${EXAMPLE.otherRun}`).waitFor();
    await window.lens(`What ${EXAMPLE.otherRun} would do`).waitFor();
    await window.goTo(read(EXAMPLE.config), `evaluate: ${EXAMPLE.evaluation}`);
    await window.lens(`Evaluate ${EXAMPLE.evaluation}`).waitFor();
    await window.screenshot('editor-2-lenses');
  });

  it('tells of a field its type, its default, its meaning, and the value that it has here', async () => {
    const { window } = code;
    await window.inThemes(async (theme) => {
      await window.hover('learning_rate', 'TrainingArguments');
      await window.screenshot(`editor-3-hover-${theme}`);
    });
  });

  it('tells of a data file its rows and columns', async () => {
    const { window } = code;
    await window.goTo(read(EXAMPLE.config), 'dataset:');
    await window.hover('data/train.csv', 'rows');
    await window.screenshot('editor-4-hover-data');
  });

  it('offers the fields that may stand at the cursor, each with what it is', async () => {
    const { window } = code;
    await window.openFile(OTHER);
    await window.goTo(OTHER_TEXT, 'max_steps');
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('End');
    await window.page.keyboard.type('learning');
    const row = window.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'learning_rate' });
    await window.bring(row.first(), () => window.page.keyboard.press('Control+Space'));
    await window.screenshot('editor-5-completion');
    await row.first().click();
    await window.page.keyboard.type('1.0e-4');
    await savedTo(OTHER, 'the completed field is in the file', (text) =>
      text.includes('\n  learning_rate: 1.0e-4\n'),
    );
  });

  it('mends an old name by its quick fix', async () => {
    const { window } = code;
    await window.goTo(OTHER_TEXT, 'warmup_ratio');
    await window.squiggles().first().waitFor();
    const fix = window.page.locator('.action-widget .monaco-list-row', { hasText: 'warmup_steps' }).first();
    await window.bring(fix, () => window.page.keyboard.press('Control+.'));
    await window.screenshot('editor-6-quick-fix');
    await fix.click();
    await savedTo(OTHER, 'the new name is in the file', (text) => text.includes('\n  warmup_steps: 0.2\n'));
    await until('no error is left', async () => (await window.squiggles().count()) === 0);
  });

  /** Renames what stands so many pixels left of the middle of a text in the open file. */
  async function rename(text: string, left: number, to: string, picture: string): Promise<void> {
    const { window } = code;
    const box = await window.bring(window.page.locator('.rename-box input'), async () => {
      const { x, y } = await window.placeOf(text);
      await window.page.mouse.click(x - left, y);
      await window.page.keyboard.press('F2');
    });
    await box.fill(to);
    await window.screenshot(picture);
    await box.press('Enter');
  }

  it('renames a data set in every file that uses it', async () => {
    await code.window.goTo(read(OTHER), 'intents.train');
    await rename('intents.train', 20, 'commands', 'editor-7-rename');
    await savedTo(OTHER, 'its use is renamed', (text) =>
      text.includes('{ train: commands.train, eval: commands.validation }'),
    );
    await savedTo(EXAMPLE.config, 'its declaration is renamed', (text) =>
      text.includes('\ndataset: commands\n'),
    );
    assert.ok(!/\bintents\.(train|validation|test)\b/.test(read(EXAMPLE.config)));
  });

  it('renames an anchor with what refers to it', async () => {
    await code.window.openFile(ANCHORED);
    await rename('*often', 0, 'each', 'editor-7-rename-anchor');
    await savedTo(ANCHORED, 'both are renamed', (text) =>
      text.includes('  eval_steps: &each 20\n  save_steps: *each\n'),
    );
  });

  it('shows the config with all that it inherits, and follows', async () => {
    const { window } = code;
    await window.openFile(OTHER);
    await window.command('Tunebook: Show Resolved Config');
    await window.tab('other (resolved).tune.yaml').waitFor();
    await window.placeOf('per_device_train_batch_size: 16');
    await window.screenshot('editor-8-resolved');
  });

  it('shows what a run would do before it starts, and starts nothing when the pick is left', async () => {
    const { window } = code;
    await window.openFile(EXAMPLE.config);
    await window.goTo(read(EXAMPLE.config), `run: ${EXAMPLE.run}`);
    await window.command('Tunebook: Run Config');
    await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'on disk' }).first().waitFor();
    await window.screenshot('editor-9-plan');
    await window.page.keyboard.press('Escape');
    await window.showRuns();
    await window.welcome.first().waitFor();
  });

  it('says before a run starts why it has no room and what would, and Enter opens its config', async () => {
    const { window } = code;
    await window.openFile(HUGE);
    await window.command('Tunebook: Run Config');
    const list = window.page.locator('.quick-input-list .monaco-list-row');
    await list.filter({ hasText: /and this machine has \d/ }).waitFor();
    await list.filter({ hasText: 'Set model: { architecture: { num_hidden_layers: ' }).waitFor();
    await window.screenshot('editor-10-refused');
    await window.page.keyboard.press('Enter');
    await list.first().waitFor({ state: 'hidden' });
    assert.equal(existsSync(join(code.workspace, '.tunebook', 'runs')), false);
  });

  it('says nothing in the console about faults of ours', () => {
    assert.deepEqual(code.window.faults, []);
  });
});
