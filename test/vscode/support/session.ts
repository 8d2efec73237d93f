import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { EXAMPLE } from './example.ts';
import { packExtension } from './pack.ts';
import { ARTIFACTS } from './places.ts';
import { installExtension, startServer, type Server } from './server.ts';
import { THEMES } from './themes.ts';
import { Workbench } from './workbench.ts';

/** How a test wants its VS Code. */
export interface SessionOptions {
  /** A word for the session's log and pictures of failures. */
  name: string;
  /** Ask for trust, as VS Code does for a person. */
  trust?: boolean;
  settings?: Record<string, unknown>;
  /** Fills the fresh workspace folder; the example unless it is given. */
  fill?: (workspace: string) => void;
}

/** A running VS Code with the packed extension and one window on a workspace of its own. */
export interface Session {
  name: string;
  server: Server;
  window: Workbench;
  workspace: string;
  end(): Promise<void>;
}

const EXTENSIONS = `${ARTIFACTS}extensions`;
const open = new Set<Session>();
let browser: Browser | undefined;

/** Packs the extension, installs the package, and starts the browser: once for all suites. */
export async function prepareAll(): Promise<void> {
  rmSync(ARTIFACTS, { recursive: true, force: true });
  mkdirSync(ARTIFACTS, { recursive: true });
  const vsix = packExtension(`${ARTIFACTS}tunebook.vsix`);
  await installExtension(vsix, EXTENSIONS, `${ARTIFACTS}install.log`);
  browser = await launchBrowser();
}

/** The folder of the installed extension. */
export function installedExtension(): string {
  const name = readdirSync(EXTENSIONS).find((one) => one.startsWith('tunebook.tunebook-'));
  if (name === undefined) throw new Error(`The extension is not installed in ${EXTENSIONS}.`);
  return join(EXTENSIONS, name);
}

/** Ends every session and the browser. Nothing that the tests started lives on. */
export async function endAll(): Promise<void> {
  await Promise.all([...open].map((session) => session.end()));
  await browser?.close();
  browser = undefined;
}

/** Sessions that have not ended, for pictures of a failure. */
export function openSessions(): readonly Session[] {
  return [...open];
}

/** Starts a VS Code of its own and opens its workspace. */
async function startSession(options: SessionOptions): Promise<Session> {
  if (!browser)
    throw new Error('prepareAll has not run: test/vscode/.mocharc.json requires support/hooks.ts.');
  const { name, trust = false, fill = copyExample } = options;
  const server = await startServer({
    extensions: EXTENSIONS,
    trust,
    settings: { 'workbench.colorTheme': THEMES.dark.id, ...options.settings },
    log: `${ARTIFACTS}${name}.log`,
  });
  const workspace = join(server.home, 'workspace');
  mkdirSync(workspace);
  try {
    fill(workspace);
    const window = await Workbench.open(browser, server, workspace);
    const end = async () => {
      open.delete(session);
      await window.close().catch(() => undefined);
      await server.stop();
    };
    const session = { name, server, window, workspace, end };
    open.add(session);
    return session;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * A session for the tests of the enclosing `describe`: started before the first, ended after the last.
 * @returns its fields, there once the tests run
 */
export function useSession(options: SessionOptions): Pick<Session, 'server' | 'window' | 'workspace'> {
  let session: Session | undefined;
  before(async () => {
    session = await startSession(options);
  });
  after(() => session?.end());
  const started = () => {
    if (!session) throw new Error(`VS Code of ${options.name} is not started.`);
    return session;
  };
  return {
    get server() {
      return started().server;
    },
    get window() {
      return started().window;
    },
    get workspace() {
      return started().workspace;
    },
  };
}

/** Puts the example into a workspace folder, without runs that were made in it. */
export function copyExample(workspace: string): void {
  cpSync(EXAMPLE.folder, workspace, { recursive: true, filter: (path) => basename(path) !== '.tunebook' });
}

/** The same with so many epochs for its quickest run that a fast machine is not done with it before the test is. */
export function copyLongerExample(workspace: string, epochs: number): void {
  copyExample(workspace);
  const file = join(workspace, EXAMPLE.config);
  const before = readFileSync(file, 'utf8');
  const longer = before.replace(
    new RegExp(`^run: ${EXAMPLE.run}$[^]*?^train:$`, 'm'),
    (document) => `${document}\n  num_train_epochs: ${epochs}`,
  );
  if (longer === before) throw new Error(`${EXAMPLE.run} has no train: to put epochs into`);
  writeFileSync(file, longer);
}
