import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CODE_SERVER } from './places.ts';
import { endMarked, MARK, markedCommands, signalGroup } from './processes.ts';
import { PATIENCE } from './until.ts';

/** How a VS Code is started. */
export interface ServerOptions {
  /** The folder that extensions are installed in (see `installExtension`). */
  extensions: string;
  /** Whether folders must be trusted before something runs, as for a person; off in most tests. */
  trust?: boolean;
  /** User settings besides {@link QUIET_SETTINGS}. */
  settings?: Record<string, unknown>;
  /** File for what the server prints. */
  log: string;
  /** Where it listens; a free port unless given. */
  port?: number;
}

/** A VS Code in the browser: its own home folder, settings, runtime folder of Tunebook, and port. */
export interface Server {
  /** Where a folder is opened. */
  url(folder: string): string;
  /** A fresh home folder, parent of whatever the test wants to put somewhere. */
  home: string;
  /** What a program needs in its environment to count as started by this VS Code, with its runtime folder. */
  env: Record<string, string>;
  /** Where the extension keeps what a trainer prints before its run directory is there. */
  launchLogs: string;
  /** The command lines of what it has started and is still there. */
  commands(): string[];
  /** Ends it and everything it started, runs included, and removes its folders. */
  stop(): Promise<void>;
}

/** No welcome pages, no offers, no network. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
};

/**
 * Starts VS Code on a free port of this machine alone and resolves when it answers.
 * @throws Error when it does not within {@link PATIENCE} seconds; its output is in `options.log`.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const home = mkdtempSync(join(tmpdir(), 'tunebook-vscode-'));
  const data = join(home, '.vscode-data');
  mkdirSync(join(data, 'User'), { recursive: true });
  const trust = options.trust ?? false;
  const settings = { ...QUIET_SETTINGS, 'security.workspace.trust.enabled': trust, ...options.settings };
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify(settings, undefined, 2));
  const port = options.port ?? (await freePort());
  const mark = randomUUID();
  const args = [
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--config', join(home, 'config.yaml')],
    ...['--user-data-dir', data, '--extensions-dir', options.extensions],
    ...[
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      '--disable-proxy',
    ],
    ...(trust ? [] : ['--disable-workspace-trust']),
  ];
  const env = { TUNEBOOK_RUNTIME_DIR: join(home, '.runtime'), [MARK]: mark };
  const child = codeServer(args, home, env, options.log);
  const stop = async () => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    await endMarked(mark);
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await answers(child, `http://127.0.0.1:${port}/healthz`);
  } catch (error) {
    await stop();
    throw new Error(`VS Code did not start; see ${options.log}.`, { cause: error });
  }
  const url = (folder: string) =>
    `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder).replaceAll('%2F', '/')}`;
  const launchLogs = join(data, 'User/globalStorage/tunebook.tunebook/launches');
  return { url, home, env, launchLogs, commands: () => markedCommands(mark), stop };
}

/** Installs a packed extension into a folder, as a person does from a file. */
export async function installExtension(vsix: string, extensions: string, log: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'tunebook-install-'));
  const args = [
    '--install-extension',
    vsix,
    '--extensions-dir',
    extensions,
    '--user-data-dir',
    join(home, 'data'),
  ];
  const child = codeServer([...args, '--config', join(home, 'config.yaml')], home, {}, log);
  const code = await new Promise((resolve) => child.once('close', resolve));
  rmSync(home, { recursive: true, force: true });
  if (code !== 0) throw new Error(`VS Code could not install ${vsix}; see ${log}.`);
}

/** Starts code-server as a process group of its own, with nothing of this machine's settings but PATH. */
function codeServer(
  args: readonly string[],
  home: string,
  env: Record<string, string>,
  log: string,
): ChildProcess {
  const child = spawn(process.execPath, [CODE_SERVER, ...args], {
    detached: true,
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: home,
      EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '' }),
      ...env,
    },
  });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  child.once('close', () => file.end());
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No free port was given.');
  return address.port;
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  const end = Date.now() + 1000 * PATIENCE;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`It did not answer within ${PATIENCE} seconds.`);
}
