import type { MetricsPanelState } from '../../protocol/webview.ts';
import { panelHtml } from './panel-html.ts';

/**
 * The page of the metrics panel.
 * @param script the URL of `metrics.webview.js`
 */
export function metricsHtml(script: string, nonce: string, state: MetricsPanelState): string {
  return panelHtml({
    id: 'metrics',
    title: 'Metrics',
    loading: 'Loading the metrics.',
    script,
    nonce,
    state,
  });
}
