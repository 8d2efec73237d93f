import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatServer } from '../trainer/support/chat-server.ts';
import { inOrder } from './support/in-order.ts';
import { ARTIFACTS } from './support/places.ts';
import { newestRun } from './support/run-folder.ts';
import { rowThat } from './support/run-row.ts';
import { useSession } from './support/session.ts';

const KEY = 'sk-kept-by-vscode-0815';
const CONFIG = 'hosted.tune.yaml';

function config(base_url: string): string {
  return `dataset: facts
files: { test: rows.jsonl }
format: prompt-completion
---
prompt: ask
messages:
  - { role: user, content: "say {{ prompt }}" }
---
evaluate: hosted-one
data: facts.test
candidates:
  hosted: { endpoint: { base_url: ${base_url}, model: m, api_key_env: NOT_SET_ANYWHERE }, prompt: ask }
metrics: [exact_match]
`;
}

describe('keys of endpoints', function () {
  this.timeout(900_000);
  inOrder();
  const server = new ChatServer();
  let base_url = '';
  before(async () => {
    base_url = await server.listen();
  });
  after(() => server.close());
  const code = useSession({
    name: 'endpoint-keys',
    settings: { 'tunebook.openMetricsOnRun': false },
    fill: (workspace) => {
      writeFileSync(join(workspace, CONFIG), config(base_url));
      const rows = ['sky', 'sea'].map(
        (prompt) => `${JSON.stringify({ prompt, completion: `echo of say ${prompt}` })}\n`,
      );
      writeFileSync(join(workspace, 'rows.jsonl'), rows.join(''));
    },
  });

  it('are missed before anything is asked, with the way to set one', async () => {
    const { window } = code;
    await window.showRuns();
    await window.openFile(CONFIG);
    await window.command('Tunebook: Evaluate Config');
    await rowThat(window, 'hosted-one', ({ state }) => state === 'failed', 'has failed');
    const { dir } = newestRun(code.workspace, 'hosted-one');
    assert.match(readFileSync(join(dir, 'events.jsonl'), 'utf8'), /Tunebook: Set Endpoint Key/);
    assert.equal(server.asked.length, 0);
  });

  it('are set for an address of a config, typed unseen', async () => {
    const { window } = code;
    await window.command('Tunebook: Set Endpoint Key');
    await window.pick(base_url);
    const input = window.page.locator('.quick-input-widget:visible input[type=password]');
    await input.fill(KEY);
    await window.screenshot('endpoint-key');
    await window.page.keyboard.press('Enter');
    await window.notification('is kept').waitFor();
  });

  it('go with an evaluation and a playground', async () => {
    const { window } = code;
    await window.focusEditors();
    await window.command('Tunebook: Evaluate Config');
    await rowThat(window, 'hosted-one', ({ state }) => state === 'finished', 'has finished');
    assert.deepEqual(
      server.asked.map(({ authorization }) => authorization),
      [`Bearer ${KEY}`, `Bearer ${KEY}`],
    );
    await window.openFile(CONFIG);
    await window.openByLens(window.lens('Ask the candidates of hosted-one'), 'Playground');
    await window.webview.locator('.candidate', { hasText: 'hosted' }).waitFor();
    await window.webview.locator('#question').fill('grass');
    await window.webview.locator('#question').press('Enter');
    await window.webview.locator('.stats').waitFor();
    assert.equal(server.asked.at(-1)?.authorization, `Bearer ${KEY}`);
  });

  it('are gone when they are removed, also from an open playground', async () => {
    const { window } = code;
    const asked = server.asked.length;
    await window.command('Tunebook: Remove Endpoint Key');
    await window.pick(base_url);
    await window.notification('is forgotten').waitFor();
    await window.webview
      .getByText(/NOT_SET_ANYWHERE/)
      .first()
      .waitFor();
    assert.equal(server.asked.length, asked);
  });

  it('stand in no file and no log', async () => {
    const { server: vscode } = code;
    const files = [vscode.home, ARTIFACTS].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .filter((path) => !/\.(png|vsix)$|\/extensions\//.test(path)),
    );
    for (const part of ['records.jsonl', 'log.txt', 'launches', '.log'])
      assert.ok(
        files.some((path) => path.includes(part)),
        `no ${part} was looked at`,
      );
    const holding = files.filter((path) => readFileSync(path, 'latin1').includes(KEY));
    assert.deepEqual(holding, []);
  });
});
