import assert from 'node:assert/strict';
import { check } from './check.ts';
import { loadProject } from './load.ts';
import { promptTrial } from './prompt-trial.ts';
import { findDocument, resolveEvaluate } from './resolve.ts';
import { MemoryHost } from './testing/memory-host.ts';

const PATH = '/w/a.tune.yaml';
const FOLDER = '/w/.tunebook/trials';
const DATA = {
  '/w/train.csv': 'text,label\na,x\n',
  '/w/validation.csv': 'text,label\nb,x\n',
  '/w/test.csv': 'text,label\nc,x\n',
  '/w/m/config.json': '{}',
};
const DATASET =
  'dataset: d\nfiles: { train: train.csv, validation: validation.csv, test: test.csv }\nformat: classification\n';
const PROMPTS =
  'prompt: bare\ntemplate: "{{ text }} ->"\n---\nprompt: shots\nextends: bare\nexamples: { data: d.train }\n';

async function trial(evaluation: string, prompt = 'bare', candidate?: string) {
  const text = [DATASET, PROMPTS, evaluation].join('---\n');
  const files = { [PATH]: text, ...DATA };
  const project = await loadProject([PATH], new MemoryHost({ files }));
  const document = findDocument(project, PATH, 'prompt', prompt);
  const made = promptTrial(project, document, { folder: FOLDER, ...(candidate && { candidate }) });
  return { made, files };
}

/** The evaluation of a trial, as the trainer takes it. */
async function evaluated({ made, files }: Awaited<ReturnType<typeof trial>>) {
  assert.ok('text' in made, JSON.stringify(made));
  const path = `${FOLDER}/try.tune.yaml`;
  const host = new MemoryHost({ files: { ...files, [path]: made.text } });
  const wrong = (await check([path], host)).filter(({ severity }) => severity === 'error');
  assert.deepEqual(wrong, [], made.text);
  const project = await loadProject([path], host);
  return resolveEvaluate(project, findDocument(project, path, 'evaluate', made.name));
}

describe('promptTrial', () => {
  it('asks one model by every prompt of the file, on rows that settings are chosen by', async () => {
    const evaluation = await evaluated(
      await trial(
        'evaluate: e\ndata: d.test\ncandidates:\n  b: { model: m, prompt: bare }\n  tuned: { run: r, prompt: shots }\nmetrics: [accuracy]\n',
      ),
    );
    assert.equal(evaluation.name, 'try-bare');
    assert.equal(evaluation.limit, 50);
    assert.deepEqual(evaluation.metrics, ['accuracy']);
    assert.equal(evaluation.data.split, 'validation');
    assert.deepEqual(
      Object.entries(evaluation.candidates).map(([name, { prompt, ...model }]) => [
        name,
        prompt?.name,
        prompt?.file,
        'model' in model && model.model,
      ]),
      [
        ['bare', 'bare', PATH, '/w/m'],
        ['shots', 'shots', PATH, '/w/m'],
      ],
    );
  });

  it('takes a run and an endpoint as they are written', async () => {
    const candidates =
      '  r: { run: r, prompt: bare }\n  e: { endpoint: { base_url: "${env.URL}", model: gpt }, prompt: shots }\n';
    const text = `evaluate: e\ndata: d.test\ncandidates:\n${candidates}`;
    const run = await trial(text);
    assert.ok('text' in run.made && run.made.text.includes('"run":"r"'), JSON.stringify(run.made));
    const endpoint = await trial(text, 'shots');
    assert.ok(
      'text' in endpoint.made && endpoint.made.text.includes('"base_url":"${env.URL}"'),
      JSON.stringify(endpoint.made),
    );
  });

  it('asks which model is meant where several are asked by the prompt', async () => {
    const text =
      'evaluate: e\ndata: d.test\ncandidates:\n  a: { model: m, prompt: bare }\n  again: { model: m, prompt: bare, generation: { do_sample: true } }\n  b: { run: r, prompt: bare }\n';
    assert.deepEqual((await trial(text)).made, { candidates: ['a', 'b'] });
    const chosen = await trial(text, 'bare', 'b');
    assert.ok('text' in chosen.made && chosen.made.text.includes('"run":"r"'), JSON.stringify(chosen.made));
  });

  it('says what is missing where no evaluation asks by the prompt', async () => {
    const { made } = await trial(
      'evaluate: e\ndata: d.test\ncandidates: { a: { model: m, prompt: bare } }\n',
      'shots',
    );
    assert.ok(
      'problem' in made && /No evaluation of this file asks by "shots"/.test(made.problem),
      JSON.stringify(made),
    );
  });
});
