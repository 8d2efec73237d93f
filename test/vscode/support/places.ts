import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where screenshots, logs and the packed extension of a test run are kept. */
export const ARTIFACTS = `${ROOT}artifacts/vscode/`;

/** The entry point of the VS Code that test/vscode/install.mjs installs. */
export const CODE_SERVER = `${ROOT}test/vscode/node_modules/code-server/out/node/entry.js`;
