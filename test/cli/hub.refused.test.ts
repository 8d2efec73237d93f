import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hubWorkspace, modelContents } from './support/hub-workspace.ts';

const REPO = 'example/tiny-bert';

describe('what the Hugging Face Hub refuses', () => {
  const at = hubWorkspace();

  async function refused(base: string, expected: RegExp, hint: RegExp, code = 1): Promise<void> {
    at.space.config({ model: { base } });
    const ended = await at.space.run('run', 'intents.tune.yaml');
    assert.equal(ended.code, code, ended.stdout + ended.stderr);
    assert.match(ended.stderr, expected);
    assert.match(ended.stderr, hint);
    assert.deepEqual(at.space.runs(), [], 'nothing was started');
  }

  it('a name that is not there', () =>
    refused('hf:example/none', /There is no model hf:example\/none on .*, or it is private/, /HF_TOKEN/));

  it('a revision that is not there', async () => {
    at.hub.serveFiles(REPO, modelContents(at.space));
    await refused(`hf:${REPO}@v9`, /hf:example\/tiny-bert has no revision "v9"/, /tree\/main/);
  });

  it('a gated model without a token; with one it is read, and the token goes to the Hub alone', async () => {
    at.hub.serveFiles(REPO, modelContents(at.space), { gated: true });
    await refused(`hf:${REPO}`, /is gated: its owner asks/, /accept them, and set HF_TOKEN/);
    const config = () => at.space.run('run', 'intents.tune.yaml');
    for (const place of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'file']) {
      if (place === 'file') {
        mkdirSync(at.space.path('hf'), { recursive: true });
        writeFileSync(at.space.path('hf', 'token'), `${at.hub.token}\n`);
      } else at.space.env[place] = at.hub.token;
      at.hub.requests.length = 0;
      const { code, stderr } = await config();
      assert.equal(code, 0, `${place}: ${stderr}`);
      assert.ok(
        at.hub.requests.some(({ authorization }) => authorization === `Bearer ${at.hub.token}`),
        place,
      );
      assert.ok(at.hub.largeRequests.every(({ authorization }) => authorization === undefined));
      at.space.env[place] = '';
    }
  });

  it('a token that is none', async () => {
    at.hub.serveFiles(REPO, modelContents(at.space));
    at.space.env['HF_TOKEN'] = 'hf_wrong';
    await refused(`hf:${REPO}`, /does not take your token/, /Set HF_TOKEN to a valid one/);
  });

  it('a private model', async () => {
    at.hub.serveFiles(REPO, modelContents(at.space), { private: true });
    await refused(`hf:${REPO}`, /or it is private/, /HF_TOKEN/);
  });

  it('everything, because it is out of order', async () => {
    at.hub.faults.status = 503;
    await refused(`hf:${REPO}`, /answered with an error \(503\)/, /Try again later/, 3);
  });

  it('connections', async () => {
    await at.hub.stop();
    await refused(`hf:${REPO}`, /cannot be reached \(the connection was refused\)/, /HTTPS_PROXY/, 3);
  });

  it('a model without safetensors', async () => {
    const contents = modelContents(at.space);
    contents.delete('model.safetensors');
    at.hub.serveFiles(REPO, contents);
    await refused(`hf:${REPO}`, /has no safetensors weights/, /pytorch_model\.bin, which can run code/);
  });

  it('nothing of an architecture that is not computed: we do, before the weights are fetched', async () => {
    const contents = modelContents(at.space);
    contents.set('config.json', Buffer.from('{"model_type": "mamba"}'));
    at.hub.serveFiles(REPO, contents);
    await refused(`hf:${REPO}`, /of type "mamba"/, /Known types: bert/);
    assert.deepEqual(at.hub.largeRequests, []);
  });

  it('nothing of a renamed model, which is told', async () => {
    at.hub.serveFiles('new-owner/tiny-bert', modelContents(at.space));
    at.hub.serveFiles(REPO, new Map(), { renamedTo: 'new-owner/tiny-bert' });
    at.space.config({ model: { base: `hf:${REPO}` } });
    const { code, stderr } = await at.space.run('run', 'intents.tune.yaml');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /hf:example\/tiny-bert is called hf:new-owner\/tiny-bert now/);
  });

  it('a listing that leads out of the cache', async () => {
    const contents = modelContents(at.space);
    contents.set('../../../../../evil.txt', Buffer.from('x'));
    contents.set('model.safetensors', Buffer.alloc(0));
    contents.delete('model.safetensors');
    contents.set('..\\model.safetensors', Buffer.from('x'));
    at.hub.serveFiles(REPO, contents);
    await refused(`hf:${REPO}`, /has no safetensors weights/, /./);
  });

  it('names of another form, told by the check', async () => {
    for (const base of ['hf:', 'hf:a/b/c', 'hf:../x', 'hf:a b']) {
      at.space.config({ model: { base } });
      const { code, stdout } = await at.space.run('check', 'intents.tune.yaml');
      assert.equal(code, 1, base);
      assert.match(stdout, /is no name of the Hugging Face Hub\. Write `hf:owner\/name`/);
    }
  });
});
