import type { MetricsPanelState } from '../../protocol/webview.ts';

/**
 * The page of the metrics panel. Nothing is loaded but its one script; styles are adopted by that script and need no leave, but
 * the toolkit looks for `csp-nonce` to find out by a style element whether the browser knows `:focus-visible`. The state
 * stands in the page, so that a window that closes before the page is drawn can still restore it.
 * @param script the URL of `metrics.webview.js`
 */
export function metricsHtml(script: string, nonce: string, state: MetricsPanelState): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta property="csp-nonce" content="${nonce}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Metrics</title>
  </head>
  <body>
    <main id="metrics" data-state="${escape(JSON.stringify(state))}">
      <p role="status">Loading the metrics.</p>
    </main>
    <script type="module" nonce="${nonce}" src="${escape(script)}"></script>
  </body>
</html>`;
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
