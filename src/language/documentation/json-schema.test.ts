import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { check } from '../check.ts';
import { MemoryHost } from '../testing/memory-host.ts';
import { makeJsonSchema } from './json-schema.ts';

/** What this test uses of Ajv, a JSON Schema validator that is not ours: eslint brings it. */
interface Ajv {
  compile(schema: object): { (value: unknown): boolean; errors?: unknown };
}

const require = createRequire(createRequire(import.meta.url).resolve('eslint'));
// SAFETY: the module is Ajv 6, whose constructor takes these options.
const Ajv = require('ajv') as new (options: object) => Ajv;
const validate = new Ajv({ allErrors: true, unknownFormats: 'ignore' }).compile(makeJsonSchema());

/** Whether each document of a file satisfies the schema. */
function accepts(text: string): boolean {
  const documents = parseAllDocuments(text);
  assert.ok(Array.isArray(documents) && documents.length > 0);
  return documents.every((document) => validate(document.toJS()));
}

/** Codes of what no document can know alone, or what the schema leaves to the check. */
const BEYOND =
  /reference|settings-only|missing-(file|model)|inconsistent|never|batch|warmup|steps|overridden|shared/;

async function codes(text: string): Promise<string[]> {
  const path = '/w/a.tune.yaml';
  const found = await check([path], new MemoryHost({ files: { [path]: text } }));
  return found.map(({ code }) => code).filter((code) => !BEYOND.test(code));
}

const DATASET = 'dataset: d\nfiles: { train: a.csv }\nformat: classification\n';
const RUN = 'run: r\nmodel: { base: ./m }\ndata: { train: d.train }\n';
const EVALUATE = 'evaluate: e\ndata: d.train\ncandidates: { a: { run: r } }\n';

describe('the JSON Schema', () => {
  const right: [name: string, text: string][] = [
    ['a data set', DATASET],
    [
      'a data set with several files and labels',
      `${DATASET.replace('a.csv', '[a.csv, b.csv]')}labels: [a, b]\n`,
    ],
    ['a run', RUN],
    [
      'a run with everything',
      `${RUN}method: { lora: { r: 8, target_modules: all-linear } }\ntrain: { warmup_steps: 0.1, max_steps: 10, data_seed: null }\ntarget: { local: { device: cpu } }\n`,
    ],
    ['a section left empty', `${RUN}train:\nmethod:\n`],
    ['settings that others extend', 'run: r\ntrain: { seed: 1 }\n'],
    [
      'a run that extends',
      'run: r\nextends: x\nmodel: { task: fill-mask }\n---\nrun: x\nmodel: { base: m }\ndata: { train: d.t }\n',
    ],
    ['full fine-tuning', `${RUN}method: { full: {} }\n`],
    ['an evaluation', `${EVALUATE}metrics: [accuracy, latency]\n`],
  ];
  for (const [name, text] of right) {
    it(`takes ${name}, and so does the check`, async () => {
      assert.ok(accepts(text), JSON.stringify(validate.errors));
      assert.deepEqual(await codes(text), []);
    });
  }

  const wrong: [name: string, text: string][] = [
    ['no kind', 'train: { seed: 1 }\n'],
    ['two kinds', `${RUN}dataset: x\n`],
    ['a sweep over nothing', 'sweep: s\nrun: r\nover: {}\n'],
    ['a sweep over a name without a dot', 'sweep: s\nrun: r\nover: { seed: [1, 2] }\n'],
    ['a prompt of both forms', 'prompt: p\ntemplate: a\nmessages: [{ role: user, content: a }]\n'],
    ['two things to evaluate', EVALUATE.replace('{ run: r }', '{ run: r, model: ./m }')],
    [
      'no threshold',
      `${EVALUATE}---\nobjective: o\nevaluate: e\naccept: { accuracy: high }\n`.split('---\n')[1] ?? '',
    ],
    ['an unknown field', `${RUN}trian: {}\n`],
    ['an unknown field inside', `${RUN}train: { sed: 1 }\n`],
    ['an old name of transformers', `${RUN}train: { warmup_ratio: 0.1 }\n`],
    ['a wrong type', `${RUN}train: { seed: one }\n`],
    ['a fraction where a whole number stands', `${RUN}train: { seed: 1.5 }\n`],
    ['a number out of range', `${RUN}train: { weight_decay: -1 }\n`],
    ['a number of steps that is neither whole nor a fraction', `${RUN}train: { warmup_steps: 1.5 }\n`],
    ['a value that is not listed', `${RUN.replace('base: ./m', 'base: ./m, task: chat')}`],
    ['two methods', `${RUN}method: { full: {}, lora: {} }\n`],
    ['no model', 'run: r\ndata: { train: d.train }\n'],
    ['no base', 'run: r\nmodel: { num_labels: 2 }\ndata: { train: d.train }\n'],
    ['no files', 'dataset: d\nfiles: {}\nformat: text\n'],
    ['a candidate of nothing', EVALUATE.replace('{ run: r }', '{}')],
    ['a list of one label', `${DATASET}labels: [a]\n`],
    ['a label twice', `${DATASET}labels: [a, a]\n`],
    ['a name with a space', DATASET.replace('dataset: d', 'dataset: d d')],
    ['a split with a dot', DATASET.replace('train:', 'a.b:')],
    ['a scalar', 'just text\n'],
  ];
  for (const [name, text] of wrong) {
    it(`refuses ${name}, and so does the check`, async () => {
      assert.equal(accepts(text), false);
      assert.notDeepEqual(await codes(text), []);
    });
  }

  it('takes the configs of the example workspace', function () {
    const folder = fileURLToPath(new URL('../../../examples/editor-commands/', import.meta.url));
    const names = readdirSync(folder).filter((name) => name.endsWith('.tune.yaml'));
    if (names.length === 0) this.skip();
    for (const name of names) {
      assert.ok(
        accepts(readFileSync(`${folder}${name}`, 'utf8')),
        `${name}: ${JSON.stringify(validate.errors)}`,
      );
    }
  });
});
