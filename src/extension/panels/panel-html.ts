export interface PanelPage {
  /** Id of the element that the page is drawn into; the state stands on it. */
  id: string;
  title: string;
  /** Said until the script has drawn something. */
  loading: string;
  /** URL of the script. */
  script: string;
  nonce: string;
  /** What the panel begins with; JSON. */
  state: unknown;
}

/**
 * The page of a panel. Nothing is loaded but its one script; styles are adopted by that script and need no leave, but
 * the toolkit looks for `csp-nonce` to find out by a style element whether the browser knows `:focus-visible`. The state
 * stands in the page, so that a window that closes before the page is drawn can still restore it.
 */
export function panelHtml({ id, title, loading, script, nonce, state }: PanelPage): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escape(title)}</title>
  </head>
  <body>
    <main id="${id}" data-state="${escape(JSON.stringify(state))}">
      <p role="status">${escape(loading)}</p>
    </main>
    <script type="module" nonce="${nonce}" src="${escape(script)}"></script>
  </body>
</html>`;
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
