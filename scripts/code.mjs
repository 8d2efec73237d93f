/**
 * Opens the example workspace in a real VS Code in the browser, with the extension installed from its package, until Ctrl+C.
 *
 *   npm run code                   on a free port
 *   npm run code -- --port 8080    on this one
 */
import { mkdirSync, rmSync } from 'node:fs';
import { setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { installExtension, startServer } from '../test/vscode/support/server.ts';
import { copyExample } from './example.mjs';
import { fail, root, run } from './setup/run.mjs';

const PLACE = `${root}artifacts/code/`;

const { values } = parseArgs({ options: { port: { type: 'string' } } });
if (values.port !== undefined && !/^\d{1,5}$/.test(values.port)) fail(`${values.port} is not a port.`);

const vsix = `${PLACE}tunebook.vsix`;
const extensions = `${PLACE}extensions`;
rmSync(PLACE, { recursive: true, force: true });
mkdirSync(PLACE, { recursive: true });
run(process.execPath, ['scripts/package.mjs', '--out', vsix], 'The extension could not be packed.');
const workspace = copyExample();
const log = `${PLACE}server.log`;
await installExtension(vsix, extensions, log);
const server = await startServer({ extensions, log, port: values.port && Number(values.port) });

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, async () => {
    if (ending) return;
    ending = true;
    await server.stop();
    process.exit(0);
  });
// Keeps this process until a signal comes.
setInterval(() => undefined, 2 ** 30);

console.log(`
VS Code with Tunebook and the example is at

  ${server.url(workspace)}

Open intents.tune.yaml and press Run above a run. The folder is ${workspace}.
Ctrl+C ends VS Code and the runs that were started in it.`);
