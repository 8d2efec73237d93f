import MarkdownIt from 'markdown-it';
import { readPieces, type CellPiece } from '../../language/notebook/pieces.ts';
import { decodePath } from './decode-path.ts';
import { readMark } from '../../language/notebook/output-mark.ts';
import { PAGE_STYLE } from './page-style.ts';

export interface PageOptions {
  /** The name of the file, for the title where the notebook has no heading. */
  name: string;
  /** The content of a picture that the notebook names by a relative path; `undefined` where there is none. */
  picture: (path: string) => { type: string; bytes: Uint8Array } | undefined;
}

/**
 * A notebook as one HTML page that needs no other file and no script. Raw HTML of the notebook is shown as text, links that
 * would run something are none (markdown-it refuses them), and a policy in the page forbids everything but its own style and pictures.
 */
export function notebookPage(text: string, { name, picture }: PageOptions): string {
  const markdown = new MarkdownIt({ html: false, linkify: false });
  markdown.renderer.rules['image'] = (tokens, index) => {
    const token = tokens[index];
    const source = String(token?.attrGet('src') ?? '');
    const words = escapeHtml(token?.content ?? '');
    const found = picture(decodePath(source));
    if (!found) return `<em>${words} (${escapeHtml(source)})</em>`;
    return `<img alt="${words}" src="data:${found.type};base64,${Buffer.from(found.bytes).toString('base64')}">`;
  };
  const { pieces } = readPieces(text);
  const body = pieces.map((piece) =>
    piece.kind === 'prose' ? markdown.render(withoutComments(piece.text)) : cellHtml(piece, markdown),
  );
  const heading = /^#{1,6}[ \t]+(.+?)[ \t]*#*$/m.exec(text)?.[1] ?? name;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(heading)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function cellHtml({ text, output }: CellPiece, markdown: InstanceType<typeof MarkdownIt>): string {
  const code = `<pre class="cell"><code>${highlight(text)}</code></pre>`;
  const lines = output.split(/\r\n|\r|\n/);
  const mark = readMark(lines[0] ?? '');
  if (mark?.type !== 'begin') return code;
  const end = lines.findLastIndex((line) => readMark(line)?.type === 'end');
  const { runs, seconds } = mark.attributes;
  const facts = [...runs, ...(seconds === undefined ? [] : [`${seconds} s`])].map(escapeHtml).join(' · ');
  const result = markdown.render(lines.slice(1, end).join('\n'));
  return `${code}\n<section class="output" aria-label="Result">\n${result}${facts === '' ? '' : `<footer>${facts}</footer>\n`}</section>`;
}

/** YAML with its keys and comments in colours. Text is escaped before anything is put around it. */
function highlight(text: string): string {
  return escapeHtml(text)
    .split(/\r\n|\r|\n/)
    .map((line) =>
      line
        .replace(/(^|\s)(#.*)$/, '$1<i>$2</i>')
        .replace(/^(\s*(?:- )?)([A-Za-z_][\w.-]*)(?=:(?:\s|$))/, '$1<b>$2</b>'),
    )
    .join('\n');
}

/** Comments are for who reads the source. */
function withoutComments(text: string): string {
  return text.replace(/^ {0,3}<!--[\s\S]*?-->[ \t]*$/gm, '');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);
}
