import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CompareAnswer, CompareRow } from '../../../protocol/compare.ts';
import { icon } from '../../ui/icons.ts';
import { ROW_HEIGHT, windowOf } from '../layout.ts';
import type { CompareModel } from '../model.ts';
import { answerNumbers, rightWord } from '../words.ts';
import type { CompareActions } from './actions.ts';
import { spanListView } from './spans-view.ts';

/** How the list is scrolled, as the page measures it. */
export interface Scroll {
  top: number;
  height: number;
}

/**
 * The rows of the selection: a grid of which only what is seen is drawn. Up and down move, Enter goes to the open row. Styles are set as
 * properties: the content security policy forbids the attribute.
 */
export function gridView(model: CompareModel, scroll: Scroll, actions: CompareActions): TemplateResult {
  const { selection, overview, rows, active } = model;
  const candidates = overview?.candidates ?? [];
  const count = selection?.count ?? 0;
  const { from, to, height, top } = windowOf(count, scroll.top, scroll.height);
  const places = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  const columns = `64px minmax(180px, 2fr) minmax(110px, 1fr) repeat(${candidates.length}, minmax(140px, 1fr))`;
  return html`<div
    id="grid"
    class="grid"
    role="grid"
    tabindex="0"
    aria-label="Rows of the evaluation"
    aria-rowcount=${count + 1}
    aria-colcount=${candidates.length + 3}
    aria-activedescendant=${active >= from && active < to ? `row-${active}` : nothing}
    .style=${`--columns: ${columns}`}
    @scroll=${() => actions.scrolled()}
    @keydown=${(event: KeyboardEvent) => onKey(event, scroll, actions)}
  >
    <div class="line head" role="row" aria-rowindex="1">
      ${['Row', 'Input', 'Reference', ...candidates].map(
        (title) => html`<div role="columnheader" title=${title}>${title}</div>`,
      )}
    </div>
    <div class="list" role="presentation" .style=${`height: ${height}px`}>
      ${repeat(
        places,
        (place) => place,
        (place) =>
          line(
            place,
            rows.get(place),
            place === active,
            top + (place - from) * ROW_HEIGHT,
            candidates,
            actions,
          ),
      )}
    </div>
  </div>`;
}

function line(
  place: number,
  row: CompareRow | undefined,
  isActive: boolean,
  top: number,
  candidates: readonly string[],
  actions: CompareActions,
): TemplateResult {
  return html`<div
    id=${`row-${place}`}
    class="line ${isActive ? 'active' : ''}"
    role="row"
    aria-rowindex=${place + 2}
    aria-selected=${isActive ? 'true' : 'false'}
    .style=${`transform: translateY(${top}px)`}
    @click=${() => actions.moveTo(place)}
  >
    ${
      row
        ? html`<div role="rowheader" class="number">${row.index}</div>
            <div role="gridcell" class="text">${row.input}</div>
            <div role="gridcell" class="text">${row.reference}</div>
            ${candidates.map((name, c) => answerCell(name, row, row.answers[c] ?? null))}`
        : html`<div role="rowheader" class="number">…</div>`
    }
  </div>`;
}

function answerCell(
  name: string,
  { input, spans, isCut }: CompareRow,
  answer: CompareAnswer | null,
): TemplateResult {
  if (!answer) return html`<div role="gridcell" class="missing">not answered</div>`;
  return html`<div role="gridcell" class="answer ${rightWord(answer)}" data-candidate=${name}>
    ${icon(answer.correct ? 'done' : 'failed')}<span class="visually-hidden">${rightWord(answer)}: </span>
    <span class="output"
      >${answer.spans && spans ? spanListView(input, answer.spans, spans, isCut === true) : answer.output === '' ? html`<em>empty</em>` : answer.output}</span
    >
    <span class="stats">${answerNumbers(answer)}</span>
  </div>`;
}

function onKey(event: KeyboardEvent, scroll: Scroll, actions: CompareActions): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, Math.floor(scroll.height / ROW_HEIGHT) - 1);
  const keys: Record<string, () => void> = {
    ArrowDown: () => actions.moveBy(1),
    ArrowUp: () => actions.moveBy(-1),
    PageDown: () => actions.moveBy(page),
    PageUp: () => actions.moveBy(-page),
    Home: () => actions.moveTo(0),
    End: () => actions.moveToEnd(),
    Enter: () => actions.focusDetail(),
  };
  const move = keys[event.key];
  if (!move) return;
  event.preventDefault();
  move();
}
