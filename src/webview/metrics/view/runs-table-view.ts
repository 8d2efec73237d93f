import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { button, choice } from '../../ui/controls.ts';
import { searchField } from '../../ui/fields.ts';
import { icon } from '../../ui/icons.ts';
import type { PanelModel } from '../model.ts';
import { drawnWords, overviewOf, type RunsOverview } from '../runs/model.ts';
import { NAME_COLUMN } from '../runs/select.ts';
import { visibleParts } from '../runs/visible.ts';
import { cellText, type RunColumn, type RunRow } from '../runs/table.ts';
import { runBadge } from './run-badge.ts';
import type { RunsActions } from './runs-actions.ts';
import { parallelView } from './parallel-view.ts';

/** What differs among the runs and how each came out: to sort, to filter, and to say which are drawn. */
export function runsTableView(model: PanelModel, actions: RunsActions): TemplateResult {
  const overview = overviewOf(model);
  const { table, rows, problem } = overview;
  const drawn = table.rows.filter(({ id }) => !model.hidden.includes(id)).length;
  const fit = rows.length < table.rows.length ? `${rows.length} of ${table.rows.length} fit. ` : '';
  return html`<section class="runs-table" aria-labelledby="runs-title">
    <h2 id="runs-title">What differs, and how it came out</h2>
    <div class="toolbar" role="group" aria-label="Which runs">
      ${searchField({
        id: 'runs-filter',
        text: 'Filter',
        value: model.runsTable.filter ?? '',
        placeholder: 'r=8 loss<0.5 failed',
        onInput: actions.setFilter,
      })}
      ${choice(
        'runs-values',
        'Metrics',
        [
          { value: 'last', text: 'last values' },
          { value: 'best', text: 'best values' },
        ],
        model.runsTable.values ?? 'last',
        (values) => actions.setValues(values === 'best' ? 'best' : undefined),
      )}
      ${button({ text: 'Draw These Alone', label: 'Draw these alone: the runs that fit', disabled: fit === '', onClick: actions.drawFitting })}
      ${button({ text: 'Draw All', label: 'Draw all runs', disabled: drawn === table.rows.length, onClick: actions.drawAll })}
      <span class="shown">${fit}${drawnWords(drawn, table.rows.length)}</span>
    </div>
    ${problem === undefined ? nothing : html`<p class="notice warning">${icon('warning')}<span>${problem}</span></p>`}
    ${parallelView(model, overview, actions)} ${gridView(model, overview, actions)}
  </section>`;
}

function gridView(model: PanelModel, { table, rows }: RunsOverview, actions: RunsActions): TemplateResult {
  const { columns } = table;
  const active = rows.find(({ id }) => id === model.activeRun) ?? rows[0];
  const { sort } = model.runsTable;
  return html`<p id="runs-help" class="footnote">
      In the table the arrow keys move over the runs; Space draws or hides one, O draws it alone, P pins it,
      Delete takes it off this panel.
    </p>
    <div class="scroll" @scroll=${(event: Event) => tellScroll(event, actions)}>
      <table
        class="data"
        role="grid"
        aria-rowcount=${rows.length + 1}
        aria-multiselectable="true"
        aria-labelledby="runs-title"
        aria-describedby="runs-help"
        @keydown=${actions.onKey}
      >
        <thead>
          <tr aria-rowindex="1">
            <th scope="col">Drawn</th>
            ${headView({ id: NAME_COLUMN, title: 'Run' }, sort, actions)}
            <th scope="col">State</th>
            ${columns.map((column) => headView(column, sort, actions))}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            visibleParts(rows.length, active ? rows.indexOf(active) : -1, model.runsScroll),
            (part, i) => ('row' in part ? rows[part.row]?.id : `gap ${i}`),
            (part) => {
              if ('height' in part) return gapView(part.height, columns.length + 3);
              const row = rows[part.row];
              return (
                row && rowView(row, columns, { model, isActive: row === active, place: part.row, actions })
              );
            },
          )}
        </tbody>
      </table>
    </div>
    ${rows.length === 0 ? html`<p class="empty">No run fits the filter.</p>` : nothing}
    ${columns.some(({ kind }) => kind === 'parameter') ? nothing : html`<p class="footnote">The runs were made with the same parameters.</p>`}`;
}

function headView(
  { id, title, kind }: Pick<RunColumn, 'id' | 'title'> & Partial<Pick<RunColumn, 'kind'>>,
  sort: PanelModel['runsTable']['sort'],
  actions: RunsActions,
): TemplateResult {
  const isSorted = sort?.column === id;
  const order = !isSorted ? 'none' : sort.descending ? 'descending' : 'ascending';
  return html`<th scope="col" class=${kind ?? ''} aria-sort=${order}>
    <button class="sort" title=${kind === 'parameter' ? id : nothing} @click=${() => actions.sortBy(id)}>
      ${title}${order === 'none' ? nothing : icon(order)}
    </button>
  </th>`;
}

/** As high as the rows that are not drawn. */
function gapView(height: number, columns: number): TemplateResult {
  return html`<tr class="gap" aria-hidden="true">
    <td colspan=${columns} height=${height}></td>
  </tr>`;
}

function tellScroll({ currentTarget }: Event, actions: RunsActions): void {
  if (!(currentTarget instanceof HTMLElement)) return;
  const row = currentTarget.querySelector<HTMLElement>('tr[data-run]')?.offsetHeight ?? 0;
  const { scrollTop: top, clientHeight: height } = currentTarget;
  if (row > 0) actions.scroll({ top, height, row });
}

interface RowOptions {
  model: PanelModel;
  isActive: boolean;
  /** Of the row among all that fit, from 0. */
  place: number;
  actions: RunsActions;
}

function rowView(row: RunRow, columns: readonly RunColumn[], options: RowOptions): TemplateResult {
  const { model, isActive, place, actions } = options;
  const { id, name, number, state, isPinned, cells } = row;
  const isDrawn = !model.hidden.includes(id);
  return html`<tr
    data-run=${id}
    aria-rowindex=${place + 2}
    class=${isDrawn ? '' : 'hidden-run'}
    tabindex=${isActive ? 0 : -1}
    aria-selected=${String(isDrawn)}
    @focus=${() => actions.activate(id)}
  >
    <td>
      <input
        type="checkbox"
        tabindex="-1"
        aria-label=${`Draw ${name}`}
        .checked=${isDrawn}
        @change=${() => actions.toggle(id)}
      />
    </td>
    <th scope="row">
      <span class="name"
        >${runBadge(number)}${name}
        <button
          class="pin"
          tabindex="-1"
          aria-label=${`Pin ${name}`}
          aria-pressed=${String(isPinned)}
          title=${isPinned ? 'Unpin' : 'Pin: stands before the others'}
          @click=${() => actions.pin(id)}
        >
          ${icon('pin')}
        </button></span
      >
    </th>
    <td>${state}${troubleView(row)}</td>
    ${columns.map((column) => {
      const cell = cells.get(column.id);
      return html`<td class=${typeof cell === 'number' ? 'number' : ''}>${cellText(column, cell)}</td>`;
    })}
  </tr>`;
}

/** Errors and warnings are told in the head of the run; here is that there are some. */
function troubleView({ run: { notices } }: RunRow): TemplateResult | typeof nothing {
  const worst = notices.find(({ severity }) => severity === 'error') ?? notices[0];
  if (!worst) return nothing;
  const more = notices.length > 1 ? ` (and ${notices.length - 1} more)` : '';
  return html` <span class="trouble ${worst.severity}" title=${`${worst.message}${more}`}
    >${icon(worst.severity)}<span class="visually-hidden">${worst.severity}</span></span
  >`;
}
