import assert from 'node:assert/strict';
import { loadProject } from './load.ts';
import {
  findDocument,
  resolveEvaluate,
  resolveExport,
  resolveObjective,
  resolvePrompt,
  resolveSweep,
} from './resolve.ts';
import { DATASET, EVALUATE, RUN, stream } from './testing/example.ts';
import { MemoryHost } from './testing/memory-host.ts';

const PATH = '/w/a.tune.yaml';

async function load(text: string) {
  return loadProject([PATH], new MemoryHost({ files: { [PATH]: text } }));
}

const PROMPT = `prompt: ask
messages: [{ role: user, content: "{{ text }}" }]
generation: { temperature: 0.7, do_sample: true }
`;

describe('resolvePrompt', () => {
  it('fills in every setting, and the split of its examples', async () => {
    const text = stream(DATASET, `${PROMPT}examples: { data: intents.train, count: 2 }\n`);
    const project = await load(text);
    const prompt = resolvePrompt(project, findDocument(project, PATH, 'prompt'));
    assert.deepEqual(prompt.messages, [{ role: 'user', content: '{{ text }}' }]);
    assert.deepEqual(
      { ...prompt.examples, data: prompt.examples?.data.split },
      { data: 'train', count: 2, select: 'random', seed: 42 },
    );
    assert.deepEqual(prompt.generation, {
      max_new_tokens: 256,
      do_sample: true,
      temperature: 0.7,
      top_p: 1,
      top_k: 50,
      repetition_penalty: 1,
      seed: 42,
    });
  });

  it('takes a template for the messages of what it extends', async () => {
    const project = await load(stream(PROMPT, 'prompt: base\nextends: ask\ntemplate: "{{ text }}"\n'));
    const prompt = resolvePrompt(project, findDocument(project, PATH, 'prompt', 'base'));
    assert.equal(prompt.messages, undefined);
    assert.equal(prompt.template, '{{ text }}');
    assert.equal(prompt.generation.temperature, 0.7);
  });
});

describe('resolveEvaluate', () => {
  it('gives each candidate its prompt and settings, those of the candidate first', async () => {
    const candidates = `candidates:
  plain: { run: full }
  asked: { model: base, prompt: ask, generation: { temperature: 0.1 } }
  hosted: { endpoint: { base_url: "http://x/v1", model: m }, prompt: ask }
assertions: { valid: { json_schema: schema.json } }
`;
    const text = stream(DATASET, RUN, PROMPT, `evaluate: e\ndata: intents.test\n${candidates}`);
    const project = await load(text);
    const { candidates: found, assertions } = resolveEvaluate(
      project,
      findDocument(project, PATH, 'evaluate'),
    );
    assert.deepEqual(found['plain'], { run: 'full' });
    const { asked, hosted } = found;
    assert.ok(asked && 'model' in asked && hosted && 'endpoint' in hosted);
    assert.equal(asked.model, '/w/base');
    assert.equal(asked.prompt?.name, 'ask');
    assert.equal(asked.generation?.temperature, 0.1);
    assert.equal(asked.generation.do_sample, true);
    assert.equal(asked.prompt.generation.temperature, 0.7);
    assert.deepEqual(hosted.endpoint, {
      base_url: 'http://x/v1',
      model: 'm',
      timeout: 600,
      max_retries: 2,
      max_concurrency: 4,
    });
    assert.deepEqual(assertions, { valid: { json_schema: '/w/schema.json' } });
  });
});

describe('resolveSweep', () => {
  const sweep = async (rest: string, run = RUN) => {
    const project = await load(stream(DATASET, run, `sweep: s\nrun: full\n${rest}`));
    return resolveSweep(project, findDocument(project, PATH, 'sweep'));
  };

  it('fills in defaults, and looks for the least loss where nothing else is said', async () => {
    const found = await sweep('over: { train.learning_rate: { min: 0.1, max: 1 }, train.seed: [1, 2] }\n');
    assert.deepEqual(found, {
      name: 's',
      file: PATH,
      run: { name: 'full', file: PATH },
      over: { 'train.learning_rate': { min: 0.1, max: 1, scale: 'linear' }, 'train.seed': [1, 2] },
      method: 'grid',
      samples: 10,
      seed: 42,
      metric: 'loss',
      mode: 'min',
      eta: 3,
    });
  });

  it('looks for what the run calls best', async () => {
    const run = `${RUN}train: { eval_strategy: epoch, metric_for_best_model: eval_macro_f1 }\n`;
    const { metric, mode } = await sweep('over: { train.seed: [1] }\n', run);
    assert.deepEqual([metric, mode], ['macro_f1', 'max']);
    const other = await sweep('over: { train.seed: [1] }\nmetric: perplexity\n', run);
    assert.deepEqual([other.metric, other.mode], ['perplexity', 'min']);
  });
});

describe('resolveObjective', () => {
  it('takes thresholds apart', async () => {
    const objective =
      'objective: o\nevaluate: worth-it\ncandidate: after\naccept: { accuracy: ">= 0.90", latency: "<5e1" }\n';
    const project = await load(stream(DATASET, RUN, EVALUATE, objective));
    assert.deepEqual(resolveObjective(project, findDocument(project, PATH, 'objective')), {
      name: 'o',
      file: PATH,
      evaluate: { name: 'worth-it', file: PATH },
      candidate: 'after',
      accept: {
        accuracy: { comparison: '>=', value: 0.9 },
        latency: { comparison: '<', value: 50 },
      },
    });
  });
});

describe('resolveExport', () => {
  it('makes paths absolute', async () => {
    const project = await load(
      stream(DATASET, RUN, 'export: x\nmodel: run:full\nfolder: ../out\nformat: onnx\n'),
    );
    assert.deepEqual(resolveExport(project, findDocument(project, PATH, 'export')), {
      name: 'x',
      file: PATH,
      model: 'run:full',
      format: 'onnx',
      quantization: 'none',
      folder: '/out',
      merge_adapter: true,
    });
  });
});
