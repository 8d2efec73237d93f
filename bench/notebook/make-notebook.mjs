import { outputText } from '../../src/language/notebook/write-output.ts';

const CELLS = 200;
const RESULTS = 50;
const ROWS = 30;

/** A notebook of 200 cells, 50 of them with a result: each a run with its metrics, over the data and the base of the example. */
export function makeNotebook() {
  const data =
    '```yaml tune\ndataset: intents\nfiles: { train: data/train.csv, validation: data/validation.csv }\nformat: classification\ncolumns: { text: text, label: intent }\n```\n';
  const cells = Array.from({ length: CELLS - 1 }, (_, index) => {
    const result =
      index % Math.floor(CELLS / RESULTS) === 0 ? `\n${outputText(resultOf(index), '\n')}\n` : '';
    return `## Step ${index}\n\nWhat is tried here, and why.\n\n${cellOf(index)}${result}`;
  });
  return `# Many runs\n\n${data}\n${cells.join('\n')}`;
}

function cellOf(index) {
  return `\`\`\`yaml tune
run: run-${index}
model: { base: base, task: text-classification, num_labels: 20 }
data: { train: intents.train, eval: intents.validation, max_length: 64 }
train:
  num_train_epochs: 3
  per_device_train_batch_size: 16
  learning_rate: ${index + 1}.0e-5
target: { local: { device: cpu } }
\`\`\`
`;
}

function resultOf(index) {
  const rows = Array.from(
    { length: ROWS },
    (_, row) => `| metric ${row} | ${row * 7} | ${'█'.repeat(row % 24)} |`,
  );
  return {
    markdown: [
      `**run-${index}** finished.`,
      '',
      '| name | value | bar |',
      '| --- | ---: | --- |',
      ...rows,
    ].join('\n'),
    attributes: {
      runs: [`20261127T0000${String(index % 60).padStart(2, '0')}Z-run-${index}-abcd`],
      inputs: 'abc',
      seconds: 1,
    },
  };
}
