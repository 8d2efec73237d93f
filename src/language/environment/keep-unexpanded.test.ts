import assert from 'node:assert/strict';
import { fillConfig } from '../../runs/environment.ts';
import { loadProject } from '../load.ts';
import { findDocument, resolveEvaluate, resolveRun } from '../resolve.ts';
import { DATASET, stream } from '../testing/example.ts';
import { MemoryHost } from '../testing/memory-host.ts';
import { EnvironmentKeeper } from './keep-unexpanded.ts';

const PATH = '/w/conf/a.tune.yaml';

const VALUES = {
  TOKEN: 's3cret-token',
  MODELS: '/mnt/models',
  REL: '../rows',
  SEED: '7',
  YES: 'true',
  TASK: 'text-classification',
  SET: 'intents',
};

async function keep(text: string, kind: 'run' | 'evaluate' = 'run') {
  const host = new MemoryHost({ files: { [PATH]: text }, environment: VALUES, workspace: '/w' });
  const project = await loadProject([PATH], host);
  const document = findDocument(project, PATH, kind);
  const resolved = kind === 'run' ? resolveRun(project, document) : resolveEvaluate(project, document);
  const keeper = new EnvironmentKeeper(project);
  const config = keeper.keep(document, resolved);
  return { resolved, config, environment: keeper.environment };
}

/** What is kept of a run, by place. What is filled in again must be what was resolved. */
async function places(text: string, kind: 'run' | 'evaluate' = 'run') {
  const { resolved, config, environment } = await keep(text, kind);
  const filled = fillConfig(config, environment, 'r', VALUES);
  assert.deepEqual(withoutDetours(filled), JSON.parse(JSON.stringify(resolved)));
  const written = Object.keys(environment?.places ?? {}).map((pointer) => [pointer, at(config, pointer)]);
  const byPlace: unknown = Object.fromEntries(written);
  return { written: byPlace, masked: environment?.masked };
}

/** What lies at a JSON pointer. */
function at(config: unknown, pointer: string): unknown {
  let value = config;
  for (const step of pointer.split('/').slice(1)) {
    // SAFETY: only looked into, step by step.
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** A path may come back as it was written, with a way around. */
function withoutDetours(value: unknown): unknown {
  const text = JSON.stringify(value).replaceAll('/w/conf/../rows', '/w/rows');
  return JSON.parse(text);
}

const run = ({ model = 'base: base', train = '', data = 'intents', more = '' }) =>
  stream(
    DATASET,
    `run: r\nmodel: { ${model} }\ndata: { train: "${data}.train" }\ntrain: { ${train} }\n${more}`,
  );

describe('EnvironmentKeeper', () => {
  it('keeps a path, and the types of what a field takes', async () => {
    const train =
      'seed: "${env.SEED}", load_best_model_at_end: "${env.YES}", learning_rate: "${env.SEED}e-4"';
    const text = run({ model: 'base: "${env.MODELS}/bert", task: "${env.TASK}"', train });
    assert.deepEqual(await places(text), {
      written: {
        '/model/base': '${env.MODELS}/bert',
        '/model/task': '${env.TASK}',
        '/train/seed': '${env.SEED}',
        '/train/data_seed': '${env.SEED}',
        '/train/load_best_model_at_end': '${env.YES}',
        '/train/learning_rate': '${env.SEED}e-4',
      },
      masked: ['MODELS'],
    });
  });

  it('keeps what a variable of the document takes from the environment, and what stands beside it', async () => {
    const text = run({
      model: 'base: "hf:${vars.owner}/m"',
      more: 'vars: { owner: "${vars.inner}-x", inner: "a${env.TOKEN}" }\n',
    });
    assert.deepEqual(await places(text), {
      written: { '/model/base': 'hf:a${env.TOKEN}-x/m' },
      masked: ['TOKEN'],
    });
  });

  it('keeps a relative path from the folder of its config', async () => {
    const dataset = DATASET.replace('train.csv', '"${env.REL}/train.csv"');
    const { written } = await places(run({}).replace(DATASET, dataset));
    assert.deepEqual(written, { '/data/train/dataset/files/train/0': '/w/conf/${env.REL}/train.csv' });
  });

  it('takes a document that is chosen by the environment for what it is: its name is no value', async () => {
    const { written, masked } = await places(run({ data: '${env.SET}' }));
    assert.deepEqual([written, masked], [{}, undefined]);
  });

  it('leaves a `${` that is meant as it stands', async () => {
    const { config, environment } = await keep(run({ model: 'base: "m$${env.TOKEN}${env.TOKEN}"' }));
    assert.ok(JSON.stringify(config).includes('/w/conf/m$${env.TOKEN}${env.TOKEN}'));
    const filled = JSON.stringify(fillConfig(config, environment, 'r', VALUES));
    assert.ok(filled.includes('/w/conf/m${env.TOKEN}s3cret-token'));
  });

  it('goes into candidates, prompts and what they inherit', async () => {
    const text = stream(
      DATASET,
      'prompt: ask\ntemplate: "{{ text }} ${env.TOKEN}"\ngeneration: { seed: "${env.SEED}", top_k: 3 }\n',
      `evaluate: e
data: intents.test
candidates:
  a: { model: base, prompt: ask, generation: { top_k: "\${env.SEED}" } }
  b: { endpoint: { base_url: "https://u:\${env.TOKEN}@host/v1", model: m }, prompt: ask }
metrics: [accuracy]
`,
    );
    assert.deepEqual(await places(text, 'evaluate'), {
      written: {
        '/candidates/a/prompt/template': '{{ text }} ${env.TOKEN}',
        '/candidates/a/prompt/generation/seed': '${env.SEED}',
        '/candidates/a/generation/seed': '${env.SEED}',
        '/candidates/a/generation/top_k': '${env.SEED}',
        '/candidates/b/endpoint/base_url': 'https://u:${env.TOKEN}@host/v1',
        '/candidates/b/prompt/template': '{{ text }} ${env.TOKEN}',
        '/candidates/b/prompt/generation/seed': '${env.SEED}',
        '/candidates/b/generation/seed': '${env.SEED}',
      },
      masked: ['TOKEN'],
    });
  });

  it('changes nothing where nothing comes from the environment', async () => {
    const { resolved, config, environment } = await keep(run({ train: 'seed: 7' }));
    assert.deepEqual([config, environment], [JSON.parse(JSON.stringify(resolved)), undefined]);
  });
});
