import { CORPUS, DATASET, EVALUATE, PRETRAIN, RUN, stream } from '../example.ts';

const LONG = `# What people say
dataset: intents # a name
files:
  train: [train.csv, "validation.csv"]
  test: test.csv


format: classification
columns: { text: text, label: intent }
labels:
  - copy
  # in between
  - paste
  - undo
---
model: &m
  base: base
  task: text-classification
# the name stands in the middle
run: full
data: { train: intents.train,
  eval: intents.test }   # over two lines
train:
  learning_rate: 5.0e-4
  num_train_epochs: 3
  warmup_steps: 0.1
method: { lora: { r: 8, target_modules: [query, value] } }
`;

const MORE = `run: full
---
run: other
extends: full
model: { base: "./base", labels: ['copy', "paste", undo] }
...
---
evaluate: e
data: intents.test
candidates:
  one: &one { run: full }
  two: { <<: *one, run: other }
metrics: [accuracy]
---
prompt: ask
messages:
  - role: user
    content: |
      Say {{ text }}

        twice: {
  - { role: assistant, content: >-
      yes }
---
sweep: s
run: full
over: { train.learning_rate: [1.0e-4, 5.0e-4], train.seed: { min: 1, max: 9 } }
---
objective: o
evaluate: e
accept: { accuracy: ">= 0.90" }
`;

/** Configs that are right, of every kind and form of writing: what the fuzzer starts from. */
export const FUZZ_CORPUS: readonly string[] = [
  LONG,
  LONG.replaceAll('\n', '\r\n'),
  MORE,
  MORE.replaceAll('\n', '\r\n'),
  `\uFEFF${stream(DATASET, RUN, EVALUATE)}`,
  stream(DATASET, CORPUS, `${RUN}train: { seed: 1 }\n`, PRETRAIN),
  RUN,
];

/** Pieces that break YAML, or make it mean something else, and pieces of the language. */
export const FUZZ_PIECES: readonly string[] = [
  ...':-?{}[],&*#|>\'"%@`!<~\t '.split(''),
  '\n',
  '\r\n',
  '\r',
  ': ',
  '- ',
  '---\n',
  '...\n',
  '\n---\n',
  '<<: *m\n',
  '&a ',
  '*a',
  '!!str ',
  '%YAML 1.2\n',
  'null',
  '.nan',
  '-1',
  '1e999',
  'run: ',
  'dataset: x\n',
  'extends: full\n',
  'train: { seed: 1 }\n',
  '# a comment\n',
  ' # behind',
  '  ',
  '|\n  text\n',
  '>-\n',
  '? x\n: y\n',
  '${vars.x}',
  '"\\x61"',
  '\uFEFF',
  '\u2028',
  '😀',
  '\uD800',
  '\u0000',
  '__proto__: 1\n',
];
