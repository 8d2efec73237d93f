import type { Page } from 'playwright-core';

/** Roles that a screen reader says by name: without one, nobody knows what they are. */
const NAMED =
  /^- (button|checkbox|slider|combobox|table|figure|region|img|progressbar|navigation|article)(:|$| \[)/;
/** What lies in these is no part of what a screen reader is given. */
const CLOSED = /^- (button|checkbox|slider|img|progressbar)\b/;

/** What the page offers to assistive technology and gives no name, one line each. */
export async function nameless(page: Page): Promise<string[]> {
  const snapshot = await page.locator('body').ariaSnapshot();
  const found: string[] = [];
  let closed = Infinity;
  for (const line of snapshot.split('\n')) {
    const depth = line.length - line.trimStart().length;
    if (depth > closed) continue;
    closed = CLOSED.test(line.trim()) ? depth : Infinity;
    if (NAMED.test(line.trim())) found.push(line.trim());
  }
  return found;
}
