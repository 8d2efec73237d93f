import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { PlaygroundFeed } from '../../src/extension/panels/playground/playground-feed.ts';
import type { AskProgress, ToPlayground } from '../../src/protocol/playground.ts';
import { TrainerChild } from '../../src/runs/trainer-child.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { childrenOf } from '../server/support/children.ts';
import { TUNEBOOK } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

/** They answer one after the other: so many that the last still waits when the first is seen to write. */
const MODELS = Array.from({ length: 8 }, (_, number) => `llama-${number}`);

const noTask = () => assert.fail('the extension is to do something');

type Answered = ToPlayground & { type: 'answer' };

describe('a playground whose trainer is killed', () => {
  const space = workspace();
  let child: TrainerChild;
  let feed: PlaygroundFeed;
  let posted: ToPlayground[];
  let logged: string[];

  beforeEach(async () => {
    [posted, logged] = [[], []];
    for (const name of MODELS) writeCausalModel(space.at.path(name));
    child = new TrainerChild({
      trainer: TUNEBOOK,
      args: ['playground', '--stdio'],
      log: (message) => logged.push(message),
      onEnded: () => feed.trainerEnded(),
      environment: () => ({ TUNEBOOK_RUNTIME_DIR: space.at.path('runtime') }),
      // SAFETY: the trainer sends this one notification only.
      onNotification: (_, params) => feed.progress(params as AskProgress),
    });
    feed = new PlaygroundFeed({
      workspace: space.at.folder,
      sources: MODELS.map((name) => ({ kind: 'model', model: space.at.path(name), name })),
      trainer: child,
      post: (message) => posted.push(message),
    });
    await feed.receive({ type: 'ready' }, noTask);
  });
  afterEach(async () => {
    feed.dispose();
    await child.dispose();
  });

  /** Asks every candidate; gives what each answered at last. */
  async function ask(turn: number, meanwhile?: () => Promise<void>): Promise<Answered[]> {
    const past = Object.fromEntries((await feed.candidates()).map(({ id }) => [id, []]));
    const settings = { temperature: 1.5, seed: 5, max_new_tokens: 55 };
    const asked = feed.receive({ type: 'ask', turn, text: 'sky is', slots: {}, settings, past }, noTask);
    await meanwhile?.();
    await asked;
    return posted.filter(
      (message): message is Answered => message.type === 'answer' && message.turn === turn,
    );
  }

  function kill(): void {
    const pids = childrenOf(process.pid);
    assert.equal(pids.length, 1, 'the trainer is the only child');
    process.kill(pids[0]!, 'SIGKILL');
  }

  it('in the middle of an answer says so with what to do, and answers the next question', async () => {
    const isWriting = () =>
      posted.some((message) => message.type === 'progress' && message.text !== undefined);
    const killed = await ask(1, async () => {
      while (!isWriting()) await setTimeout(1);
      kill();
    });
    assert.equal(killed.length, MODELS.length);
    const failed = killed.filter(({ answer }) => answer.state === 'failed');
    assert.ok(failed.length > 0, 'the one that waited for its turn at least');
    for (const { answer } of failed)
      assert.deepEqual(answer, {
        state: 'failed',
        code: 'playground/failed',
        message: 'The trainer ended (SIGKILL).',
        hint: 'The system may have ended it for want of memory: end what else needs memory, or ask a smaller model. Ask again: it is started anew, or where it keeps ending, a minute later.',
      });
    assert.match(logged.join('\n'), /tunebook playground --stdio\) ended \(SIGKILL\)/);
    assert.deepEqual(
      (await ask(2)).map(({ answer }) => answer.state),
      MODELS.map(() => 'done'),
    );
  });

  it('between two questions answers the next one as if nothing had been', async () => {
    const [first] = await ask(1);
    kill();
    while (logged.length === 0) await setTimeout(5);
    const [again] = await ask(2);
    assert.ok(first?.answer.state === 'done' && again?.answer.state === 'done', JSON.stringify(again));
    assert.equal(again.answer.text, first.answer.text);
  });
});
