import { readFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { NotebookFile, writing } from '../notebook/notebook-file.ts';
import { jupyterNotebook } from '../notebook/jupyter-notebook.ts';
import { notebookPage } from '../notebook/notebook-page.ts';
import { shortPath } from '../terminal/describe-error.ts';

const TYPES: Record<string, string> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

/** `tunebook render FILE.tunebook.md --html | --ipynb`: a notebook in a form that others read. Nothing is run. */
export async function render({ positionals, flags, terminal }: CommandInput): Promise<ExitCode> {
  const path = resolve(positionals[0] ?? '');
  if (!isNotebookPath(path))
    throw new UsageError('`tunebook render` takes a notebook: FILE.tunebook.md.', 'render');
  if (flags.html === flags.ipynb)
    throw new UsageError('`tunebook render` takes --html or --ipynb: one of the two.', 'render');
  const extension = flags.html ? '.html' : '.ipynb';
  const target = resolve(flags.output ?? path.replace(/\.tunebook\.md$/, extension));
  if (target === path) throw new UsageError('--output names the notebook itself.', 'render');
  const text = new NotebookFile(path).text();
  const picture = (name: string) => readPicture(path, name);
  const content = flags.html
    ? notebookPage(text, { name: basename(path), picture })
    : `${JSON.stringify(
        jupyterNotebook(text, (name) => dataUri(picture(name))),
        undefined,
        1,
      )}\n`;
  writing(target, () => writeFileAtomic(target, content));
  if (flags.json) terminal.printJson({ type: 'rendered', file: target });
  else terminal.print(`Wrote ${shortPath(target)}.`);
  return EXIT.done;
}

/** A picture below the folder of the notebook; nothing else is read, whatever the notebook says. */
function readPicture(notebook: string, name: string): { type: string; bytes: Uint8Array } | undefined {
  const folder = dirname(notebook);
  const path = resolve(folder, name);
  const type = TYPES[extname(path).toLowerCase()];
  if (type === undefined || /^[a-z][a-z0-9+.-]*:/i.test(name) || !path.startsWith(`${folder}/`))
    return undefined;
  try {
    return { type, bytes: readFileSync(path) };
  } catch {
    return undefined;
  }
}

function dataUri(picture: { type: string; bytes: Uint8Array } | undefined): string | undefined {
  return picture && `data:${picture.type};base64,${Buffer.from(picture.bytes).toString('base64')}`;
}
