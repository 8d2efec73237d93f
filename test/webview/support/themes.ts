import { readFileSync } from 'node:fs';

/** A theme as VS Code gives it to a webview: recorded from VS Code 1.139.1, cut to the variables that panels use. */
export interface Theme {
  bodyClass: string;
  kind: string;
  variables: Record<string, string>;
}

export const THEMES = [
  'dark-2026',
  'light-2026',
  'dark',
  'light',
  'high-contrast',
  'high-contrast-light',
] as const;
export type ThemeName = (typeof THEMES)[number];

export function readTheme(name: ThemeName): Theme {
  const text = readFileSync(new URL(`../themes/${name}.json`, import.meta.url), 'utf8');
  // SAFETY: the files beside this one were recorded in this form.
  return JSON.parse(text) as Theme;
}
