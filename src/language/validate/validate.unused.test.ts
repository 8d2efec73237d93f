import assert from 'node:assert/strict';
import { CORPUS, DATASET, EVALUATE, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

describe('names that nothing uses', () => {
  it('of a data set, beside runs that could', () =>
    expectProblem(stream(DATASET, CORPUS.replace('corpus\n', '«corpus»\n'), RUN), {
      code: 'tune/unused-name',
      severity: 'information',
      message: 'Nothing in this folder uses the data set `corpus`. Remove it, if no other folder does.',
    }));

  it('of a prompt, beside evaluations that could', () =>
    expectProblem(stream(DATASET, RUN, EVALUATE, 'prompt: «ask»\ntemplate: "{{ text }}"\n'), {
      code: 'tune/unused-name',
      severity: 'information',
      message: 'Nothing in this folder uses the prompt `ask`. Remove it, if no other folder does.',
    }));

  it('are fine where nothing could use them, or a neighbour does', async () => {
    assert.deepEqual(await diagnose(stream(DATASET, CORPUS)), []);
    const neighbour = 'run: b\nmodel: { base: base, task: text-generation }\ndata: { train: corpus.train }\n';
    const found = await diagnose(stream(DATASET, CORPUS, RUN), { files: { '/w/b.tune.yaml': neighbour } });
    assert.deepEqual(found.map(summary), []);
  });

  it('are not told where a name leads nowhere: that is the mistake', async () => {
    const found = await diagnose(stream(DATASET, RUN.replace('train: intents', 'train: intent')));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/unknown-reference'],
    );
  });
});
