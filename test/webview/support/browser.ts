import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../vscode/support/browser.ts';

let browser: Promise<Browser> | undefined;

/** The one browser of the suite; started when it is first asked for and closed when all tests have ended. */
export function sharedBrowser(): Promise<Browser> {
  return (browser ??= launchBrowser());
}

after(async () => {
  await (await browser)?.close();
});
