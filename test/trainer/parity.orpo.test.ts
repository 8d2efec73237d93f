import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { assertPreference, PAIR_METRICS } from './support/assert-preference.ts';
import { ORPO_CASES, readOrpoCase, trainOrpoCase } from './support/orpo-case.ts';

const METRICS = [...PAIR_METRICS, 'nll_loss', 'log_odds_ratio', 'log_odds_chosen'];

describe('runs that learn answers and preferences at once, beside TRL’s ORPOTrainer', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  for (const name of ORPO_CASES) {
    it(`${name}: every loss, gradient norm and reward, and the evaluation`, async () => {
      assertPreference(await trainOrpoCase(workspace.path, name), readOrpoCase(name), METRICS);
    });
  }
});
