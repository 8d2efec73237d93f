import { yamlString } from '../../problem.ts';
import { guessColumn, type DataFile } from './data-file.ts';

/** What a new notebook is for. */
export type ExperimentKind = 'life-cycle' | 'classify' | 'extract' | 'chat' | 'preference';

export interface ExperimentTemplate {
  kind: ExperimentKind;
  /** As it is offered. */
  title: string;
  detail: string;
}

export const EXPERIMENTS: readonly ExperimentTemplate[] = [
  {
    kind: 'life-cycle',
    title: 'Whole Life Cycle',
    detail: 'Scope, data, prompt, two ways to tune, a sweep, evaluation, and what is shipped',
  },
  { kind: 'classify', title: 'Classify Texts', detail: 'One label for each text' },
  { kind: 'extract', title: 'Extract Entities', detail: 'Names and the like in a text: a tag for each word' },
  { kind: 'chat', title: 'Teach a Chat Model', detail: 'Conversations, with the loss on the answers alone' },
  {
    kind: 'preference',
    title: 'Learn From Preferences',
    detail: 'Pairs of a better and a worse answer (DPO)',
  },
];

/** A notebook to start from, with the person's own data file where there is one. Its cells are valid but for files that are not there. */
export function newExperiment(kind: ExperimentKind, data?: DataFile): string {
  switch (kind) {
    case 'life-cycle':
      return lifeCycle(data ?? { path: 'data/train.csv', columns: [] });
    case 'classify':
      return classify(data ?? { path: 'data/train.csv', columns: [] });
    case 'extract':
      return extract(data ?? { path: 'data/train.jsonl', columns: [] });
    case 'chat':
      return chat(data ?? { path: 'data/train.jsonl', columns: [] });
    case 'preference':
      return preference(data ?? { path: 'data/train.jsonl', columns: [] });
  }
}

const ENCODER = 'hf:sentence-transformers/all-MiniLM-L6-v2';
const CHAT_MODEL = 'hf:HuggingFaceTB/SmolLM2-135M-Instruct';

const HELD_BACK =
  'Keep rows apart that no run trains on: add `validation:` to choose settings by, and `test:` to judge by at the end.';

function lifeCycle(data: DataFile): string {
  return notebook('An experiment', [
    '## Scope\n\nWhat shall the model do, for whom, and which number says that it does it well enough? Write it down before you look at any result: this cell is judged by the evaluation below.',
    cell('objective: good-enough\nevaluate: verdict\ncandidate: cheaper\naccept: { accuracy: ">= 0.90" }\n'),
    `## Data\n\nRun the cell: it counts rows and labels, and shows some. Read a few dozen rows yourself. ${HELD_BACK}`,
    cell(classification(data)),
    '## Prompt\n\nIs a good prompt enough? A model that writes is shown the rows that are most like the one in question, and chooses the label that is likeliest.',
    cell(
      'prompt: shown\nmessages:\n  - { role: user, content: "Which label has this text? {{ text }}" }\nexamples: { data: rows.train, count: 8, select: similar }\n',
    ),
    '## A first model\n\nAll weights of a small model. Look at the loss: it should fall, and on rows that are held back it should not rise again.',
    cell(classifier('first', 'full: {}', '5.0e-5')),
    '## A cheaper one\n\nLoRA trains a few per cent of the weights. Is that enough?',
    cell(
      `run: cheaper\nextends: first\nmethod:\n  lora: { r: 16, lora_alpha: 32, target_modules: all-linear }\ntrain:\n  learning_rate: 5.0e-4\n`,
    ),
    '## Tune\n\nWhich learning rate suits it? Compare them by rows that are held back: give the run `eval:` and `eval_strategy: epoch`, and the sweep chooses by them.',
    cell('sweep: rates\nrun: cheaper\nover: { train.learning_rate: [2.0e-4, 1.0e-3] }\n'),
    '## Evaluation\n\nAll on the same rows. The verdict says which differences are more than chance. Change `data:` to a split that no run has seen: on rows it was trained on any model looks good.',
    cell(
      `evaluate: verdict\ndata: rows.train\ncandidates:\n  untuned: { model: ${yamlString(ENCODER)} }\n  prompted: { model: ${yamlString(CHAT_MODEL)}, prompt: shown }\n  first: { run: first }\n  cheaper: { run: cheaper }\nmetrics: [accuracy, macro_f1]\n`,
    ),
    '## Decision\n\nWhat was decided, by whom, and what would change it. What is shipped is the adapter merged into its base, a folder that transformers loads:',
    cell('export: shipped\nmodel: run:cheaper\nfolder: exported\n'),
  ]);
}

function classify(data: DataFile): string {
  return notebook('Classify texts', [
    `## Data\n\n${HELD_BACK}`,
    cell(classification(data)),
    '## Model',
    cell(classifier('classifier', 'lora: { r: 8, lora_alpha: 16, target_modules: all-linear }', '5.0e-4')),
    '## Is it better than nothing?\n\nChange `data:` to a split that the run has not seen.',
    cell(
      `evaluate: verdict\ndata: rows.train\ncandidates:\n  untuned: { model: ${yamlString(ENCODER)} }\n  tuned: { run: classifier }\nmetrics: [accuracy, macro_f1]\n`,
    ),
  ]);
}

function extract(data: DataFile): string {
  const tokens = guessColumn('tokens', data);
  const tags = guessColumn('tags', data, [tokens]);
  return notebook('Extract entities', [
    `## Data\n\nEach row is a list of words and a list of as many tags (\`B-PER\`, \`I-PER\`, \`O\`). ${HELD_BACK}`,
    cell(
      `dataset: rows\nfiles: { train: ${yamlString(data.path)} }\nformat: tokens\ncolumns: { tokens: ${yamlString(tokens)}, tags: ${yamlString(tags)} }\n`,
    ),
    '## Model',
    cell(
      'run: tagger\nmodel: { base: "hf:distilbert/distilbert-base-cased", task: token-classification }\ndata: { train: rows.train, max_length: 128 }\ntrain:\n  num_train_epochs: 3\n  per_device_train_batch_size: 16\n  learning_rate: 5.0e-5\n',
    ),
    '## Does it find them?\n\nChange `data:` to a split that the run has not seen.',
    cell(
      'evaluate: verdict\ndata: rows.train\ncandidates:\n  untuned: { model: "hf:distilbert/distilbert-base-cased" }\n  tuned: { run: tagger }\nmetrics: [f1, precision, recall]\n',
    ),
  ]);
}

function chat(data: DataFile): string {
  const messages = guessColumn('messages', data);
  return notebook('Teach a chat model', [
    '## Data\n\nEach row is a conversation: a list of messages with `role` and `content`.',
    cell(
      `dataset: talks\nfiles: { train: ${yamlString(data.path)} }\nformat: chat\ncolumns: { messages: ${yamlString(messages)} }\n`,
    ),
    '## Model\n\nLoRA on a small model that can talk already.',
    cell(
      `run: tutor\nmodel: { base: ${yamlString(CHAT_MODEL)}, task: text-generation }\ndata: { train: talks.train, max_length: 512 }\nmethod:\n  lora: { r: 16, lora_alpha: 32, target_modules: all-linear }\ntrain:\n  num_train_epochs: 2\n  per_device_train_batch_size: 4\n  learning_rate: 2.0e-4\n  warmup_steps: 0.05\n`,
    ),
    '## Does it answer better?\n\nChange `data:` to a split that the run has not seen.',
    cell(
      `evaluate: verdict\ndata: talks.train\ncandidates:\n  untuned: { model: ${yamlString(CHAT_MODEL)} }\n  tuned: { run: tutor }\nmetrics: [rougeL, perplexity]\n`,
    ),
  ]);
}

function preference(data: DataFile): string {
  const prompt = guessColumn('prompt', data);
  const chosen = guessColumn('chosen', data, [prompt]);
  const rejected = guessColumn('rejected', data, [prompt, chosen]);
  const columns = `{ prompt: ${yamlString(prompt)}, chosen: ${yamlString(chosen)}, rejected: ${yamlString(rejected)} }`;
  return notebook('Learn from preferences', [
    '## Data\n\nEach row is a prompt, the answer that people preferred, and the one that they did not.',
    cell(
      `dataset: pairs\nfiles: { train: ${yamlString(data.path)} }\nformat: preference\ncolumns: ${columns}\n`,
    ),
    '## Model\n\nDPO: the model learns to find the preferred answer likelier than it did, and the other one less likely.',
    cell(
      `run: preferred\nmodel: { base: ${yamlString(CHAT_MODEL)}, task: text-generation }\ndata: { train: pairs.train, max_length: 512 }\nmethod:\n  lora: { r: 16, lora_alpha: 32, target_modules: all-linear }\n  dpo: { beta: 0.1 }\ntrain:\n  num_train_epochs: 1\n  per_device_train_batch_size: 4\n  learning_rate: 5.0e-6\n`,
    ),
  ]);
}

function classification(data: DataFile): string {
  const label = guessColumn('label', data);
  const text = guessColumn('text', data, [label]);
  return `dataset: rows\nfiles: { train: ${yamlString(data.path)} }\nformat: classification\ncolumns: { text: ${yamlString(text)}, label: ${yamlString(label)} }\n`;
}

function classifier(name: string, method: string, rate: string): string {
  return `run: ${name}\nmodel: { base: ${yamlString(ENCODER)}, task: text-classification }\ndata: { train: rows.train, max_length: 128 }\nmethod:\n  ${method}\ntrain:\n  num_train_epochs: 3\n  per_device_train_batch_size: 16\n  learning_rate: ${rate}\n  warmup_steps: 0.1\n`;
}

function notebook(title: string, parts: readonly string[]): string {
  return [`# ${title}`, ...parts].join('\n\n') + '\n';
}

function cell(text: string): string {
  return `\`\`\`yaml tune\n${text}\`\`\``;
}
