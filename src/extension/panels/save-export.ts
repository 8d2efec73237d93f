import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';

export interface ExportOptions {
  /** What the dialog is called. */
  title: string;
  /** Name of the file without its ending, offered in the first open folder. */
  name: string;
  /** What can be saved: by the ending of the file the name of its format and what makes its bytes. The first is offered. */
  formats: Record<string, { format: string; bytes: () => Uint8Array }>;
}

/**
 * Asks where to save something and writes it in the format that the name of the file asks for; nothing when the person changes their
 * mind.
 * @throws TunebookError for an ending that is none of the formats, and for a file that cannot be written
 */
export async function saveExport({ title, name, formats }: ExportOptions): Promise<void> {
  const endings = Object.keys(formats);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title,
    filters: Object.fromEntries(endings.map((ending) => [formats[ending]?.format ?? ending, [ending]])),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${name}.${endings[0]}`) } : {}),
  });
  if (!target) return;
  const chosen = formats[/\.([^./\\]+)$/.exec(target.path)?.[1]?.toLowerCase() ?? ''];
  if (!chosen)
    throw new TunebookError(
      'panel/unknown-format',
      `${target.path} says by its ending no format to save in.`,
      {
        hint: `Choose a name that ends in ${endings.map((ending) => `.${ending}`).join(' or ')}.`,
      },
    );
  try {
    await vscode.workspace.fs.writeFile(target, chosen.bytes());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TunebookError('panel/not-saved', `${target.path} was not saved: ${why}`, {
      hint: 'Choose another folder, or free some space.',
      cause: error,
    });
  }
}
