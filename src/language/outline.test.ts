import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { findCursor } from './cursor.ts';
import { parse } from './parse.ts';
import type { Node } from './tree.ts';

/** Where the parser says that a key or a scalar stands. */
interface Place {
  kind: 'key' | 'value';
  path: string;
  offset: number;
  text: string;
}

function* places(node: Node, path: (string | number)[]): Generator<Place> {
  const { text } = node.document.file;
  if (node.type === 'map') {
    for (const { key, name, value } of node.entries) {
      yield { kind: 'key', path: path.join('/'), offset: key.start, text: text.slice(key.start, key.end) };
      yield* places(value, [...path, name]);
    }
  } else if (node.type === 'seq') {
    for (const [index, item] of node.items.entries()) yield* places(item, [...path, index]);
  } else if (node.start < node.end && !/^[|>]/.test(text.slice(node.start))) {
    yield { kind: 'value', path: path.join('/'), offset: node.start, text: text.slice(node.start, node.end) };
  }
}

const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z_0-9]{0,7}$/),
  fc.constantFrom('with space', 'a:b', '- dash', '#no comment', '{brace}', "it's", 'say "so"', '12', 'true'),
);
const scalar = fc.oneof(
  name,
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(
    '',
    'hf:owner/name',
    'a, b',
    '[x]',
    'two\nlines',
    'x: y',
    'end:',
    '# text',
    ' spaces ',
    "''",
  ),
);
const { document } = fc.letrec<{ document: unknown; value: unknown }>((tie) => ({
  document: fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 4 }),
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    tie('document'),
    fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
  ),
}));
const layout = fc.record({
  indent: fc.constantFrom(2, 4),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom('any' as const, 'flow' as const),
  defaultKeyType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_SINGLE' as const, 'BLOCK_FOLDED' as const),
  lineWidth: fc.constantFrom(0, 30),
  newline: fc.constantFrom('\n', '\r\n'),
});

describe('outline', () => {
  it('finds every key and value of valid YAML where the parser finds it', () => {
    fc.assert(
      fc.property(document, layout, (value, { newline, ...options }) => {
        const text = stringify(value, options).replaceAll('\n', newline);
        const root = parse('/a.tune.yaml', text).documents[0]?.root;
        assert.ok(root);
        for (const place of places(root, [])) {
          // A text that goes over several lines has its place on the first; complex keys are not read.
          if (place.text.includes('\n') || /^\s*\? /m.test(text)) continue;
          const cursor = findCursor(text, place.offset);
          const where = `at ${place.offset} (${place.text}) in\n${text}`;
          const loose = cursor?.place === 'key' && place.kind === 'value';
          assert.equal(cursor?.path.join('/'), place.path, where);
          if (!loose) assert.equal(cursor?.place, place.kind, where);
          assert.equal(text.slice(cursor?.start, cursor?.end), place.text, where);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, wherever the cursor is and whatever the text', () => {
    const piece = fc.constantFrom(...'ab:,{}[]"\'#-|>&*?!% \t\n\r', '---', ': ', '\n  ', '- ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(), (pieces, at) => {
        const text = pieces.join('');
        const offset = at % (text.length + 1);
        const cursor = findCursor(text, offset);
        if (!cursor) return;
        assert.ok(cursor.start <= offset && offset <= cursor.end, JSON.stringify({ text, offset, cursor }));
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps a cursor on one line', () => {
    const piece = fc.constantFrom(...'ab:,{}[]"\'#- ', '\n', '\n  ', ': ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(), (pieces, at) => {
        const text = pieces.join('');
        const cursor = findCursor(text, at % (text.length + 1));
        if (cursor) assert.ok(!text.slice(cursor.start, cursor.end).includes('\n'), JSON.stringify(text));
      }),
      { numRuns: 3000 },
    );
  });
});
