import assert from 'node:assert/strict';
import { plainText, SnippetWriter } from './snippet.ts';

describe('plainText', () => {
  it('keeps texts and first choices of a snippet', () => {
    assert.equal(plainText('a: ${1:b}\nc: $2\nd: ${3|e,f|}$0'), 'a: b\nc: \nd: e');
    assert.equal(plainText('a: ${1:\\$x \\} y}'), 'a: $x } y');
    assert.equal(plainText('a: ${1|x\\,y,z|}'), 'a: x,y');
  });
});

describe('SnippetWriter', () => {
  it('leaves signs that mean something in a snippet as they are', () => {
    const writer = new SnippetWriter({ column: 0, flow: false, newline: '\n' });
    const field = writer.field('a', { type: 'string', default: 'x$1}' });
    assert.equal(plainText(field), 'a: "x$1}"');
    const choice = writer.field('b', { enum: ['x,y', 'p|q'], default: 'x,y' });
    assert.equal(choice, 'b: ${2|"p\\|q","x\\,y"|}');
    assert.equal(plainText(choice), 'b: "p|q"');
  });
});
