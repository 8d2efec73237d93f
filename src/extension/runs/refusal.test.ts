import assert from 'node:assert/strict';
import { explainRefusal } from './refusal.ts';

const CHECKED = `a.tune.yaml:20:3: error: \`num_lables\` is not a field of \`model\`. Did you mean \`num_labels\`? [tune/unknown-field]
   20 |   num_lables: 20
      |   ^^^^^^^^^^
  fix: Change to num_labels

a.tune.yaml:22:3: warning: This is slow. [tune/slow]
a.tune.yaml:24:15: error: \`max_length\` takes a whole number from 3, not the text "lots". [tune/wrong-type]

2 errors in a.tune.yaml. Nothing was started.`;

describe('explainRefusal', () => {
  it('tells the first mistake of a config with its place, and how many more there are', () => {
    const error = explainRefusal(CHECKED, '/work space', '/log');
    assert.equal(
      error.message,
      '`num_lables` is not a field of `model`. Did you mean `num_labels`? (and 1 more)',
    );
    assert.deepEqual(error.location, { file: '/work space/a.tune.yaml', line: 20, column: 3 });
    assert.equal(error.hint, 'Nothing was started.');
  });

  it('keeps the next step of an error without a place, and offers the log', () => {
    const error = explainRefusal(
      'error: /x cannot be read. [config/unreadable]\n  next: Check the path.\n',
      '/w',
      '/log',
    );
    assert.equal(error.message, '/x cannot be read.');
    assert.equal(error.hint, 'Check the path.');
    assert.deepEqual(error.location, { file: '/log' });
  });

  it('knows an error of a file without a line, and not the next step of a warning before it', () => {
    const printed =
      'warning: The memory is tight. [run/memory-tight]\n  next: close something\na.tune.yaml: error: It needs 801.5 GiB. [run/memory]\n  next: Set a smaller model.\n';
    const error = explainRefusal(printed, '/w', '/log');
    assert.equal(error.message, 'It needs 801.5 GiB.');
    assert.equal(error.hint, 'Set a smaller model.');
    assert.deepEqual(error.location, { file: '/w/a.tune.yaml' });
  });

  it('shows the end of anything else', () => {
    const error = explainRefusal(`${'x'.repeat(1000)} Killed`, '/w', '/log');
    assert.match(error.message, /^…x+ Killed$/);
    assert.ok(error.message.length < 310);
  });
});
