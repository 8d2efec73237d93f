import { readLineBlocks } from './lines.ts';
import { dataError, quote } from './problem.ts';
import { report, type ReadOptions, type SourceRow } from './row.ts';

/**
 * A CoNLL file: a token a line with its tag in the last column, columns apart by tabs or spaces, sentences apart by blank
 * lines. A row has the columns `tokens` and `ner_tags`, as the data sets of the Hub call them. `-DOCSTART-` lines and lines
 * that begin with `# ` are no tokens.
 */
export async function* readConll(file: string, options: ReadOptions): AsyncGenerator<SourceRow> {
  options.onColumns?.(file, ['tokens', 'ner_tags']);
  let sentence = new Sentence(1);
  for await (const { text, line, bytes } of readLineBlocks(file, options.signal)) {
    options.onBytes?.(file, bytes);
    let number = line;
    for (const content of text.split('\n')) {
      if (isBreak(content)) {
        if (sentence.tokens.length > 0) yield sentence.row(file);
        sentence = new Sentence(number + 1);
      } else if (!content.startsWith('# ')) {
        const columns = content.trimEnd().split(content.includes('\t') ? '\t' : /\s+/);
        if (columns.length < 2) report(oneColumn(file, number, content), options);
        else sentence.add(columns);
      }
      number++;
    }
  }
  if (sentence.tokens.length > 0) yield sentence.row(file);
}

class Sentence {
  readonly tokens: string[] = [];
  readonly tags: string[] = [];
  readonly line: number;

  constructor(line: number) {
    this.line = line;
  }

  add(columns: readonly string[]): void {
    this.tokens.push(columns[0] ?? '');
    this.tags.push(columns.at(-1) ?? '');
  }

  row(file: string): SourceRow {
    return { values: { tokens: this.tokens, ner_tags: this.tags }, file, line: this.line };
  }
}

/** A line with no token, or one that begins a document. The line break that ends a block leaves an empty piece behind. */
function isBreak(content: string): boolean {
  return content.trim() === '' || content.startsWith('-DOCSTART-');
}

function oneColumn(file: string, line: number, content: string) {
  return dataError(
    'data/bad-row',
    `Line ${line} of ${file} has one column, ${quote(content.trim())}: a token without a tag.`,
    { file, line },
    'Write the tag behind the token, after a tab or a space.',
  );
}
