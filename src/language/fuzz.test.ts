import { fuzzConfig, fuzzEdits } from './testing/fuzzing/campaign.ts';

/** `npm run fuzz -- language` goes on from there with as many as there is time for. */
describe('a thousand mutated configs', function () {
  this.timeout(600_000);

  it('break nothing that an editor does with them', async () => {
    // Formatting takes longer than all else together, and long configs longer than short ones: a part is enough here.
    for (let seed = 1; seed <= 1000; seed++) {
      await fuzzConfig(seed, { formats: seed % 20 === 0, short: seed % 10 !== 0 });
    }
  });

  it('nor do edits that come one after another', async () => {
    for (let seed = 1; seed <= 2; seed++) await fuzzEdits(seed, { formats: false });
  });
});
