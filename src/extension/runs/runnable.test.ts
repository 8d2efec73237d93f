import assert from 'node:assert/strict';
import { findPrompts, findRunnables, findSections } from './runnable.ts';

const CONFIG = `# intents
dataset: intents
files: { train: data/train.csv }
---
run: intents-lora   # the small one
model:
  run: not-a-kind
---
extends: base
run: "with: colon"
--- # a comment
evaluate: is-it-worth-it
...
`;

describe('findRunnables', () => {
  it('finds each run and evaluation with its name, its line and its document', () => {
    assert.deepEqual(findRunnables(CONFIG), [
      { kind: 'run', name: 'intents-lora', line: 4, start: 3, end: 7 },
      { kind: 'run', name: 'with: colon', line: 9, start: 7, end: 10 },
      { kind: 'evaluate', name: 'is-it-worth-it', line: 11, start: 10, end: 12 },
    ]);
  });

  it('finds a name that stands behind the document marker, and Windows line ends', () => {
    assert.deepEqual(findRunnables('--- \r\nrun: a\r\n'), [
      { kind: 'run', name: 'a', line: 1, start: 0, end: 3 },
    ]);
  });

  it('takes the run of a sweep and the evaluation of an objective for what they are', () => {
    const text = 'run: a\nsweep: rates\n---\nobjective: o\nevaluate: e\n---\nrun: b\n';
    assert.deepEqual(findRunnables(text), [
      { kind: 'sweep', name: 'rates', line: 1, start: 0, end: 2 },
      { kind: 'run', name: 'b', line: 6, start: 5, end: 8 },
    ]);
  });

  it('finds prompts apart from what can be started, and both in the order of the text', () => {
    const text = 'prompt: p\n---\nrun: a\n---\nprompt: "q"\nobjective: o\n';
    const [first, second] = [
      { kind: 'prompt', name: 'p', line: 0, start: 0, end: 1 },
      { kind: 'prompt', name: 'q', line: 4, start: 3, end: 7 },
    ];
    const run = { kind: 'run', name: 'a', line: 2, start: 1, end: 3 };
    assert.deepEqual(findPrompts(text), [first, second]);
    assert.deepEqual(findRunnables(text), [run]);
    assert.deepEqual(findSections(text), [first, run, second]);
  });

  it('takes nothing for a name that is not one', () => {
    assert.deepEqual(findRunnables('run:\n---\nrun: [a, b]\n---\nrunner: x\n---\nrun: # soon\n'), []);
  });
});
