/** Colours of the theme as canvas needs them, and word when the theme changes. */

/** What a CSS colour comes to in the theme that is on: any expression, `var(--vscode-…)` and `color-mix(…)` included. */
export function resolveColor(expression: string): string {
  const probe = document.createElement('span');
  probe.style.color = expression;
  probe.hidden = true;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Calls back after the person has chosen another theme. Gives a function that ends it. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}
