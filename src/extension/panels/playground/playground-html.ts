import type { PlaygroundState } from '../../../protocol/playground.ts';
import { panelHtml } from '../panel-html.ts';

/**
 * The page of the playground.
 * @param script the URL of `playground.webview.js`
 */
export function playgroundHtml(script: string, nonce: string, state: PlaygroundState): string {
  const words = { title: 'Playground', loading: 'Loading the playground.' };
  return panelHtml({ id: 'playground', ...words, script, nonce, state });
}
