import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../../scripts/setup/chromium.mjs';

const ARGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/**
 * Starts the browser without a window.
 * @throws Error when none is installed; `npm run setup -- --test` installs it or says how.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium was found. `npm run setup -- --test` installs it or says how.');
  return chromium.launch({ executablePath, args: ARGS });
}
