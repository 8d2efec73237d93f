import { DIAGNOSTICS, type DiagnosticInfo } from '../codes.ts';
import { TRAINER_CODES } from './trainer-codes.ts';

/** docs/diagnostics.md: every code that can stand among the problems of a config. */
export function makeDiagnosticsPage(): string {
  const ours: [string, DiagnosticInfo][] = Object.entries(DIAGNOSTICS);
  return `${[
    '# Problems in a run config',
    '<!-- Made from src/language/codes.ts and src/language/documentation/trainer-codes.ts by `npm run generate`. Do not edit. -->',
    [
      'The editor shows them as squiggles, `tunebook check` prints them as `file:line:column`, and `tunebook check --json` gives',
      'them one a line. Codes stay as they are, so they can be searched for. An error keeps a run from starting; a warning does',
      'not. What cannot be known (a file on another machine, a workspace that is not trusted) is never a problem.',
    ].join('\n'),
    '## Problems of the config',
    table(ours.map(([code, { severity, when, remedy }]) => [code, severity, when, remedy])),
    '## Problems of data and models',
    'They are found by the trainer and stand at the line of the data file, or at the name of the file or folder in the config.',
    table(Object.entries(TRAINER_CODES).map(([code, { when, remedy }]) => [code, 'error', when, remedy])),
  ].join('\n\n')}\n`;
}

function table(rows: string[][]): string {
  const cells = rows.map(([code = '', ...rest]) => [`\`${code}\``, ...rest]);
  const head = [
    ['code', 'severity', 'when', 'what to do'],
    ['---', '---', '---', '---'],
  ];
  return [...head, ...cells]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
