import { html, type TemplateResult } from 'lit';
import { lineColor } from '../chart/palette.ts';

/** The number of a run in the colour of its lines. */
export function runBadge(number: number): TemplateResult {
  return html`<svg
    class="badge"
    viewBox="0 0 18 18"
    width="18"
    height="18"
    aria-hidden="true"
    focusable="false"
  >
    <circle cx="9" cy="9" r="8" stroke=${lineColor(number - 1)}></circle>
    <text x="9" y="9" text-anchor="middle" dominant-baseline="central">${number}</text>
  </svg>`;
}
