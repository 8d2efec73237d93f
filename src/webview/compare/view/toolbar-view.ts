import { html, nothing, type TemplateResult } from 'lit';
import { COMPARE_SORTS } from '../../../protocol/compare.ts';
import { button, choice } from '../../ui/controls.ts';
import { rangeField, searchField } from '../../ui/fields.ts';
import type { CompareModel } from '../model.ts';
import { CHIP_WORDS, chipSentence, chipsOf, rowsWord, SORT_WORDS } from '../words.ts';
import type { CompareActions } from './actions.ts';

/** Which rows are shown, and in which order. */
export function toolbarView(model: CompareModel, actions: CompareActions): TemplateResult {
  const { query, selection, overview } = model;
  const names = (overview?.candidates ?? []).map((name) => ({ value: name, text: name }));
  const labels = overview?.labels ?? [];
  const any = { value: '', text: 'Any' };
  return html`<div class="filters" role="group" aria-label="Which rows are shown">
    <div class="chips" role="group" aria-label=${`${query.b} against ${query.a}`}>
      ${chipsOf(overview).map((chip) => {
        const count = selection?.counts[chip];
        return html`<button
          class="chip"
          type="button"
          aria-pressed=${query.chip === chip ? 'true' : 'false'}
          title=${chipSentence(chip, query.a, query.b)}
          @click=${() => actions.setQuery({ chip })}
        >
          ${CHIP_WORDS[chip]}<span class="count"
            >${count === undefined ? '' : count.toLocaleString('en-US')}</span
          >
        </button>`;
      })}
    </div>
    ${
      names.length > 2
        ? html`${choice('candidate-a', 'From', names, query.a, (a) => actions.setQuery({ a }))}
          ${choice('candidate-b', 'To', names, query.b, (b) => actions.setQuery({ b }))}`
        : nothing
    }
    ${searchField({ id: 'filter-text', text: 'Text', value: query.text ?? '', placeholder: 'in input, reference or output', onInput: (text) => actions.setQuery({ text }) })}
    ${
      labels.length > 1
        ? choice(
            'filter-label',
            'Label',
            [any, ...labels.map((label) => ({ value: label, text: label }))],
            query.label ?? '',
            (label) => actions.setQuery({ label }),
          )
        : nothing
    }
    ${rangeField({ id: 'filter-length', text: 'Length', value: query.length, onChange: (length) => actions.setQuery({ length }) })}
    ${rangeField({ id: 'filter-score', text: `Score of ${query.b}`, value: query.score, largest: 1, step: 0.05, onChange: (score) => actions.setQuery({ score }) })}
    ${choice(
      'sort',
      'Sort by',
      COMPARE_SORTS.map((value) => ({ value, text: SORT_WORDS[value] })),
      query.sort,
      (value) => actions.setQuery({ sort: COMPARE_SORTS.find((sort) => sort === value) ?? 'order' }),
    )}
    ${hasFilters(model) ? button({ text: 'Clear Filters', icon: 'close', onClick: () => actions.clearFilters() }) : nothing}
    <span class="shown">${selection ? rowsWord(selection.count) : ''}</span>
  </div>`;
}

function hasFilters({ query }: CompareModel): boolean {
  const { chip, label, text, length, score } = query;
  return chip !== 'all' || Boolean(label) || Boolean(text) || length !== undefined || score !== undefined;
}
