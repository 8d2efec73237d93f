import type { Theme } from './themes.ts';

/** Runs in the page before anything else: plays the part of VS Code. Must not use anything from outside of itself. */
export function startHost({ bodyClass, kind, variables }: Theme): void {
  const scope: typeof globalThis & { toHost?: (message: unknown) => void } = globalThis;
  const KEY = 'vscode-state';
  const setTheme = (theme: Theme) => {
    const { style } = document.documentElement;
    for (const name of [...style]) style.removeProperty(name);
    for (const [name, value] of Object.entries(theme.variables)) style.setProperty(name, value);
    document.body.className = theme.bodyClass;
    document.body.dataset['vscodeThemeKind'] = theme.kind;
  };
  document.addEventListener('host-theme', (event) => {
    // SAFETY: the test that sends the event gives it a theme.
    setTheme((event as CustomEvent<Theme>).detail);
  });
  Object.assign(scope, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => scope.toHost?.(message),
      getState: (): unknown => JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? undefined,
      setState: (state: unknown) => sessionStorage.setItem(KEY, JSON.stringify(state)),
    }),
  });
  document.addEventListener('DOMContentLoaded', () => setTheme({ bodyClass, kind, variables }));
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    setTheme({ bodyClass, kind, variables });
  }).observe(document, { childList: true, subtree: true });
}
