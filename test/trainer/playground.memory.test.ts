import assert from 'node:assert/strict';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { inspectCandidate } from '../../src/trainer/evaluate/candidate.ts';
import { ClassifierPlayer } from '../../src/trainer/playground/classifier-player.ts';
import { LoadedModels } from '../../src/trainer/playground/loaded-models.ts';
import { weightBytes } from '../../src/trainer/playground/weight-bytes.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { changedModel } from './support/evaluate-in-folder.ts';
import { fixtureFolder } from './support/fixture.ts';

const CLASSIFIER = fixtureFolder('bert-classifier');
const LABELS = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];
const NOTHING_ELSE = { slots: {}, past: [], settings: {} };

describe('classifiers in the playground', () => {
  const workspace = temporaryFolder();
  const bytes = async () => {
    const { classifier } = await inspect(CLASSIFIER);
    return weightBytes(classifier, { kind: 'text-classification', numLabels: LABELS.length });
  };
  const inspect = (model: string) =>
    inspectCandidate('tuned', { model }, { workspace: workspace.path, file: 'test.tune.yaml' });

  /** Two classifiers, asked one after the other; says which of the questions had to read weights first. */
  async function loads(budget: number, order: readonly number[]): Promise<boolean[]> {
    const models = new LoadedModels(budget);
    const copy = changedModel(CLASSIFIER, join(workspace.path, `copy-${budget}`), {});
    const players = await Promise.all(
      [CLASSIFIER, copy].map(async (folder) => {
        const candidate = await inspect(folder);
        return new ClassifierPlayer({ candidate, about: folder, labels: LABELS, models });
      }),
    );
    const read: boolean[] = [];
    try {
      for (const player of order) {
        let isRead = false;
        const tell = ({ state }: { state?: string }) => (isRead ||= state === 'loading');
        const { signal } = new AbortController();
        const answer = await players[player]!.ask({ text: 'lo tu', ...NOTHING_ELSE }, { signal, tell });
        assert.equal(answer.labels?.length, LABELS.length);
        read.push(isRead);
      }
    } finally {
      await models.dispose();
    }
    return read;
  }

  it('are counted with the bytes of their weights', async () => {
    const stored = readTensors(join(CLASSIFIER, 'model.safetensors'));
    const numbers = [...stored.values()].reduce((sum, { data }) => sum + data.length, 0);
    assert.equal(await bytes(), numbers * 4);
  });

  it('make room for each other where memory does not hold both', async () => {
    const one = await bytes();
    assert.deepEqual(await loads(2 * one, [0, 1, 0, 1]), [true, true, false, false]);
    assert.deepEqual(await loads(2 * one - 1, [0, 0, 1, 0]), [true, false, true, true]);
  });
});
