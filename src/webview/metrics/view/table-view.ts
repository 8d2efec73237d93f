import { html, nothing, type TemplateResult } from 'lit';
import { fromWire } from '../../../protocol/numbers.ts';
import type { PanelRun, TablePage } from '../../../protocol/webview.ts';
import { button, choice } from '../../ui/controls.ts';
import type { PageTurn, PanelModel } from '../model.ts';
import { runName } from '../run-words.ts';
import { cellWord, columnTitle, stepWord } from '../words.ts';
import type { PanelActions } from './actions.ts';

/** Every number of a run as a table, page by page, at full resolution. */
export function tableView(model: PanelModel, training: PanelRun[], actions: PanelActions): TemplateResult {
  const { table, tablePage } = model;
  const run = training.find(({ id }) => id === tablePage?.runId);
  const options = training.map((one) => ({ value: one.id, text: runName(one) }));
  return html`${
    training.length > 1
      ? choice('table-run', 'Run', options, run?.id ?? '', (id) => actions.openPage(id, 0))
      : nothing
  }
  ${table && run && table.runId === run.id ? pageView(table, runName(run), actions) : html`<p class="empty">Reading the numbers.</p>`}`;
}

function pageView(table: TablePage, name: string, actions: PanelActions): TemplateResult {
  const { columns, rows, rowCount, firstRow } = table;
  return html`${pager(table, actions)}
    <div class="scroll" tabindex="0" role="region" aria-label=${`All numbers of ${name}`}>
      <table id="numbers-table" class="data" aria-rowcount=${rowCount + 1}>
        <caption class="visually-hidden">
          All numbers of ${name}: one row a step
        </caption>
        <thead>
          <tr aria-rowindex="1">
            <th scope="col">Step</th>
            <th scope="col">Epoch</th>
            ${columns.map((column) => html`<th scope="col">${columnTitle(column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ step, epoch, values }, i) =>
              html`<tr aria-rowindex=${firstRow + i + 2}>
                <th scope="row">${stepWord(step)}</th>
                <td>${epoch.toFixed(2)}</td>
                ${values.map((value, column) => cell(columns[column] ?? '', value))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function cell(metric: string, value: TablePage['rows'][number]['values'][number]): TemplateResult {
  const bad = value !== null && !Number.isFinite(fromWire(value));
  return html`<td class=${bad ? 'non-finite' : ''}>${cellWord(metric, value)}</td>`;
}

function pager({ page, pages, rowCount, firstRow, rows }: TablePage, actions: PanelActions): TemplateResult {
  const turn = (to: PageTurn) => () => actions.turnPage(to);
  const [atStart, atEnd] = [page === 0, page >= pages - 1];
  return html`<nav class="pager" aria-label="Pages of the table">
    ${button({ icon: 'first', label: 'First page', disabled: atStart, onClick: turn('first') })}
    ${button({ icon: 'previous', label: 'Previous page', disabled: atStart, onClick: turn('previous') })}
    <span class="where">
      rows ${stepWord(firstRow + 1)} to ${stepWord(firstRow + rows.length)} of ${stepWord(rowCount)}
    </span>
    ${button({ icon: 'next', label: 'Next page', disabled: atEnd, onClick: turn('next') })}
    ${button({ icon: 'last', label: 'Last page', disabled: atEnd, onClick: turn('last') })}
  </nav>`;
}
