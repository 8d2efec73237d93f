/**
 * What the extension needs only after it has started. It is a bundle of its own (esbuild.mjs), so that activation does not
 * have to read the language, a YAML parser and the language client; import it with `await import()`.
 */
export { importFile } from '../language/import/import-file.ts';
export { startClient } from './language/client.ts';
export { readDatasets } from './views/side/read-datasets.ts';
export { TrainerChild } from '../runs/trainer-child.ts';
