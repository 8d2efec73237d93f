import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** Icons of 16 × 16 in the colour of the text around them. They say nothing that the words beside them do not. */
export type IconName =
  | 'stop'
  | 'folder'
  | 'log'
  | 'close'
  | 'add'
  | 'chart'
  | 'table'
  | 'zoomOut'
  | 'clock'
  | 'working'
  | 'done'
  | 'stopped'
  | 'paused'
  | 'failed'
  | 'lost'
  | 'warning'
  | 'error'
  | 'first'
  | 'previous'
  | 'next'
  | 'last'
  | 'link'
  | 'export'
  | 'edit'
  | 'undo'
  | 'pin'
  | 'ascending'
  | 'descending';

const PATHS: Record<IconName, SVGTemplateResult> = {
  stop: svg`<rect x="3.5" y="3.5" width="9" height="9" rx="1" />`,
  folder: svg`<path d="M1.5 4.5v8h13v-7h-7l-1.5-2h-4.5z" />`,
  log: svg`<path d="M3.5 1.5h6l3 3v10h-9z M9.5 1.5v3h3 M5.5 7.5h5 M5.5 9.5h5 M5.5 11.5h3" />`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8" />`,
  add: svg`<path d="M8 3v10M3 8h10" />`,
  chart: svg`<path d="M1.5 1.5v13h13 M4 11l3-4 2.5 2 4-5.5" />`,
  table: svg`<path d="M1.5 2.5h13v11h-13z M1.5 6h13 M1.5 9.800h13 M6 6v7.5" />`,
  zoomOut: svg`<circle cx="6.5" cy="6.5" r="4.5" /><path d="M10 10l4.5 4.5 M4.5 6.5h4" />`,
  clock: svg`<circle cx="8" cy="8" r="6.5" /><path d="M8 4.5v4l2.5 1.5" />`,
  working: svg`<circle cx="8" cy="8" r="6.5" opacity="0.35" /><path d="M8 1.5a6.5 6.5 0 0 1 6.5 6.5" />`,
  done: svg`<circle cx="8" cy="8" r="6.5" /><path d="M5 8.200l2.100 2.100 4-4.5" />`,
  stopped: svg`<circle cx="8" cy="8" r="6.5" /><path d="M5.5 8h5" />`,
  paused: svg`<circle cx="8" cy="8" r="6.5" /><path d="M6.500 5.500v5M9.500 5.500v5" />`,
  failed: svg`<circle cx="8" cy="8" r="6.5" /><path d="M5.700 5.700l4.600 4.600M10.300 5.700l-4.600 4.600" />`,
  lost: svg`<circle cx="8" cy="8" r="6.5" /><path d="M6 6.300a2 2 0 1 1 2.700 1.900c-.5.2-.7.5-.7 1.100 M8 11.300v.2" />`,
  warning: svg`<path d="M8 2l6.5 11.5h-13z M8 6.5v3.5 M8 11.600v.2" />`,
  error: svg`<circle cx="8" cy="8" r="6.5" /><path d="M8 4.5v4.5 M8 11.200v.2" />`,
  first: svg`<path d="M4 3.5v9M11.5 3.5l-4.5 4.5 4.5 4.5" />`,
  previous: svg`<path d="M10 3.5l-4.5 4.5 4.5 4.5" />`,
  next: svg`<path d="M6 3.5l4.5 4.5-4.5 4.5" />`,
  link: svg`<path d="M6.5 9.5l3-3 M7 4.700l1.300-1.300a2.900 2.900 0 0 1 4.200 4.200l-1.300 1.300 M9 11.300l-1.300 1.300a2.900 2.900 0 0 1-4.200-4.200l1.300-1.300" />`,
  export: svg`<path d="M8 10v-8 M5 5l3-3 3 3 M3 9v4.5h10v-4.5" />`,
  edit: svg`<path d="M3 13l.7-3 7-7 2.300 2.300-7 7z M9.500 4.200l2.300 2.300" />`,
  undo: svg`<path d="M5.500 3l-3 3 3 3 M2.500 6h6.500a3.500 3.500 0 0 1 0 7h-3" />`,
  pin: svg`<path d="M5.500 2h5 M6 2v4.500l-2 2.500h8l-2-2.500v-4.500 M8 9v5" />`,
  ascending: svg`<path d="M8 12.500v-9 M4.500 7l3.500-3.500 3.500 3.500" />`,
  descending: svg`<path d="M8 3.500v9 M4.500 9l3.500 3.500 3.500-3.500" />`,
  last: svg`<path d="M12 3.5v9M4.5 3.5l4.5 4.5-4.5 4.5" />`,
};

/** An icon for eyes only. `slot` puts it before the text of a toolkit button. */
export function icon(name: IconName, slot?: 'start'): TemplateResult {
  return html`<svg
    class="icon icon-${name}"
    slot=${slot ?? ''}
    viewBox="0 0 16 16"
    width="16"
    height="16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${PATHS[name]}
  </svg>`;
}
