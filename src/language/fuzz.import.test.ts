import { fuzzImport, readImportCorpus } from './testing/fuzzing/import.ts';

/** `npm run fuzz -- language` goes on from there with as many as there is time for. */
describe('mutated configs and scripts of other tools', function () {
  this.timeout(300_000);

  it('are refused with a reason, or become configs that lose nothing silently', () => {
    const corpus = readImportCorpus();
    for (let seed = 1; seed <= 600; seed++) fuzzImport(seed, corpus);
  });
});
