import type { ComparePanelState } from '../../../protocol/compare.ts';
import { panelHtml } from '../panel-html.ts';

/**
 * The page of the comparison panel.
 * @param script the URL of `compare.webview.js`
 */
export function compareHtml(script: string, nonce: string, state: ComparePanelState): string {
  return panelHtml({
    id: 'compare',
    title: 'Comparison',
    loading: 'Loading the comparison.',
    script,
    nonce,
    state,
  });
}
