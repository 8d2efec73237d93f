import fc from 'fast-check';

/** Lines that mean something to a reader of Markdown, of YAML, or of ours. */
const LINES = [
  '```yaml tune', '```', '````yaml tune', '````', '~~~ yaml tune', '~~~', ' ```yaml tune', '   ```', '    ```', '\t```yaml tune',
  '- ```yaml tune', '  ```', '> ```yaml tune', '> ```', '```python', 'dataset: a', 'run: b', '  model: { base: base }', '---', '...',
  '', '', '', '   ', '# Title', 'prose', 'prose with a break  ', '| a | b |', '| --- | --- |', '<div>', '</div>', '<!-- note -->', '<!--', '-->',
  '<!-- tunebook:output run=x inputs=1 checksum=0 -->', '<!-- /tunebook:output -->', '<!-- tunebook:cell -->', '<!-- tunebook:output broken', '<!-- tunebook:output -->',
  '<<<<<<< HEAD', '=======', '>>>>>>> other', '- item', '1. one', '> quote', '***', '===', 'title: x', '\\', '\u2028', '\0', '😀', '\uFEFF',
]; // prettier-ignore

const line = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...LINES) }, fc.string({ maxLength: 12 }));

const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');

/** Any Markdown: mixed line ends, nested and unclosed fences, front matter, HTML, a byte order mark, no last line end. */
export const markdownText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '', '\uFEFF', '---\ntitle: x\n---\n'),
    fc.array(fc.tuple(line, lineEnd), { maxLength: 25 }),
    fc.constantFrom('', '', 'last', '```', '```yaml tune'),
  )
  .map(([start, lines, end]) => start + lines.map((each) => each.join('')).join('') + end);
