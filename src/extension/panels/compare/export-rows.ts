import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CompareFeed } from './compare-feed.ts';
import { toCsv } from './export/csv.ts';
import type { Exported } from './export/exported.ts';
import { toHtml } from './export/html.ts';
import { toJsonl } from './export/jsonl.ts';
import { toLmEval } from './export/lm-eval.ts';
import { toPromptfoo } from './export/promptfoo.ts';
import { exportedRows, writeExport } from './export/write.ts';

interface Format extends vscode.QuickPickItem {
  /** What the file is called after the name of the evaluation; undefined for a folder. */
  ending?: string;
  content?: (exported: Exported) => Iterable<string>;
}

const FORMATS: readonly Format[] = [
  { label: 'CSV', description: 'a row an example, for a spreadsheet', ending: '.csv', content: toCsv },
  { label: 'JSON Lines', description: 'a record an example', ending: '.jsonl', content: toJsonl },
  { label: 'HTML Report', description: 'one file to show around', ending: '.html', content: toHtml },
  {
    label: 'promptfoo',
    description: 'results.json as promptfoo writes it',
    ending: '.promptfoo.json',
    content: toPromptfoo,
  },
  { label: 'lm-evaluation-harness', description: 'a folder with results and samples of each candidate' },
];

/** Asks for a format and a place, and writes the rows that the panel shows there. */
export async function exportRows(feed: CompareFeed): Promise<void> {
  const format = await vscode.window.showQuickPick(FORMATS, {
    title: `Export ${feed.selectedRows.length.toLocaleString('en-US')} Rows`,
    placeHolder: 'The rows that the filters leave, in the order that is shown',
  });
  if (!format) return;
  const workspace = join(feed.dir, '../../..');
  const uri = format.content
    ? await vscode.window.showSaveDialog({
        defaultUri: vscode.Uri.file(join(workspace, `${feed.name}${format.ending}`)),
        title: `Export as ${format.label}`,
      })
    : (
        await vscode.window.showOpenDialog({
          defaultUri: vscode.Uri.file(workspace),
          canSelectFolders: true,
          canSelectFiles: false,
          openLabel: 'Export Here',
        })
      )?.[0];
  if (!uri) return;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Exporting rows' },
    async () => {
      const exported = exportedRows(feed);
      if (format.content) await writeExport(uri.fsPath, format.content(exported));
      else
        for (const { path, content } of toLmEval(exported))
          await writeExport(join(uri.fsPath, path), content());
    },
  );
  const open = format.content && 'Open';
  const answer = await vscode.window.showInformationMessage(
    `${feed.selectedRows.length.toLocaleString('en-US')} rows were exported to ${uri.fsPath}.`,
    ...(open ? [open] : []),
  );
  if (answer === open && open) await vscode.commands.executeCommand('vscode.open', uri);
}
