import assert from 'node:assert/strict';
import { completeAt } from '../testing/complete-at.ts';
import { parse } from '../parse.ts';
import { plainText } from './snippet.ts';

/** Texts that the fuzzer found, with the cursor where a completion broke them. */
const ODD = {
  'a key that ends on the next line': 'run: full\nmodel: { |base:# a comment\n base }\n',
  'a text of several lines where a map belongs': 'dataset: d\nfiles:\n  t\n  te|st? test.csv\nformat: text\n',
  'the middle of a line break': '\r|\n\n',
  'a key with a byte order mark behind it': 'dataset: d\nfi|le\uFEFF:\n  train: [a.csv]\n  test: b.csv\n',
  'a document that is a map in brackets': 'run: full\n---\n { accuracy: 1 }\n|',
};

describe('keepSound', () => {
  for (const [what, marked] of Object.entries(ODD)) {
    it(`offers nothing that breaks ${what}`, async () => {
      const text = marked.replace('|', '');
      assert.deepEqual(parse('/w/a.tune.yaml', text).syntax, []);
      for (const { start, end, newText, snippet, label } of await completeAt(marked)) {
        const after = text.slice(0, start) + (snippet ? plainText(newText) : newText) + text.slice(end);
        assert.deepEqual(parse('/w/a.tune.yaml', after).syntax, [], `${label}:\n${after}`);
      }
    });
  }

  it('leaves all where the file is being written', async () => {
    const labels = (await completeAt('run: full\ntrain:\n  learn|\n')).map(({ label }) => label);
    assert.ok(labels.includes('learning_rate'));
  });
});
