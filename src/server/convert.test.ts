import assert from 'node:assert/strict';
import type { Completion } from '../language/complete.ts';
import { LineIndex } from '../language/lines.ts';
import { completionAbilities, toCompletionItem, toDiagnostic } from './convert.ts';

const TEXT = 'run: a\nmethod:\n  lo\n';
const FILE = { text: TEXT, lines: new LineIndex(TEXT) };
const LORA: Completion = {
  label: 'lora',
  kind: 'field',
  detail: undefined,
  documentation: '**lora**',
  start: 17,
  end: 19,
  newText: 'lora:\n    r: ${1:8}',
  snippet: true,
  filterText: 'lora',
  sortText: '0000',
};

describe('toCompletionItem', () => {
  it('replaces the word with a snippet whose lines are indented', () => {
    const item = toCompletionItem(LORA, FILE, { snippets: true, markdown: true, asIs: true });
    assert.deepEqual(item.textEdit, {
      range: { start: { line: 2, character: 2 }, end: { line: 2, character: 4 } },
      newText: 'lora:\n    r: ${1:8}',
    });
    assert.equal(item.insertTextMode, 1);
  });

  it('leaves the indentation to a client that adds it by itself', () => {
    const item = toCompletionItem(LORA, FILE, { snippets: true, markdown: true, asIs: false });
    assert.equal(item.textEdit?.newText, 'lora:\n  r: ${1:8}');
    assert.equal(item.insertTextMode, undefined);
  });

  it('gives a plain text to a client without snippets', () => {
    const item = toCompletionItem(LORA, FILE, { snippets: false, markdown: false, asIs: true });
    assert.equal(item.textEdit?.newText, 'lora:\n    r: 8');
    assert.deepEqual(item.documentation, { kind: 'plaintext', value: '**lora**' });
  });
});

describe('completionAbilities', () => {
  it('takes nothing for granted', () => {
    assert.deepEqual(completionAbilities({}), { snippets: false, markdown: false, asIs: false });
  });
});

describe('toDiagnostic', () => {
  it('counts from 0, and marks what is deprecated', () => {
    const diagnostic = toDiagnostic({
      file: '/a.tune.yaml',
      line: 3,
      column: 3,
      endLine: 3,
      endColumn: 15,
      severity: 'warning',
      code: 'tune/deprecated-field',
      message: 'Old.',
      fixes: [],
    });
    assert.deepEqual(diagnostic, {
      range: { start: { line: 2, character: 2 }, end: { line: 2, character: 14 } },
      severity: 2,
      code: 'tune/deprecated-field',
      source: 'tunebook',
      message: 'Old.',
      tags: [2],
    });
  });
});
