import { writeFileSync } from 'node:fs';

/**
 * Writes documents as a config of Tunebook's: every JSON document is a YAML document.
 * @param {string} file
 * @param {readonly object[]} documents
 * @returns {string} the file
 */
export function writeConfig(file, documents) {
  const texts = documents.map((document) => `${JSON.stringify(document, undefined, 2)}\n`);
  writeFileSync(file, texts.join('---\n'));
  return file;
}
