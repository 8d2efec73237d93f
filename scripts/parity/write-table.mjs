import { readFileSync, writeFileSync } from 'node:fs';

const [BEGIN, END] = ['<!-- npm run parity -->', '<!-- /npm run parity -->'];

/**
 * Puts what a check found in place of what the last one found.
 * @param {string} file Markdown with the two marks between which it stands
 * @param {string} text
 */
export function writeTable(file, text) {
  const document = readFileSync(file, 'utf8');
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`${file} has no place for the table, between ${BEGIN} and ${END}`);
  writeFileSync(file, `${document.slice(0, from)}${BEGIN}\n\n${text}\n\n${document.slice(to)}`);
}
