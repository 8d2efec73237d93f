import type { CompareModel } from './model.ts';
import type { CompareActions } from './view/actions.ts';
import { CHIP_WORDS, chipsOf } from './words.ts';

/**
 * Keys that work wherever the focus is, but in a field: `/` the text filter, 1 to 9 the chips, D what outputs are held against, L the link,
 * O the file, R, N and V what is shown.
 */
export function shortcut(event: KeyboardEvent, model: CompareModel, actions: CompareActions): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isField(event.target))
    return;
  const chip = chipsOf(model.overview)[Number(event.key) - 1];
  const index = model.detail?.index;
  if (chip) actions.setQuery({ chip });
  else if (event.key === '/') document.getElementById('filter-text')?.focus();
  else if (event.key === 'd') actions.setAgainst(nextAgainst(model));
  else if (event.key === 'l' && index !== undefined) actions.copyLink(index);
  else if (event.key === 'o' && index !== undefined) actions.openSource(index);
  else if (event.key === 'r') actions.setTab('rows');
  else if (event.key === 'n') actions.setTab('numbers');
  else if (event.key === 'v') actions.setTab('votes');
  else return;
  event.preventDefault();
}

/** The keys and what they do, for the page to tell. */
export function keyWords({
  overview,
}: Pick<CompareModel, 'overview'>): readonly (readonly [keys: string, what: string])[] {
  const chips = chipsOf(overview);
  return [
    ['↑ ↓ PgUp PgDn Home End', 'another row, while the table has the focus'],
    ['Enter, Escape', 'into the open row, and back'],
    [chips.map((_, i) => i + 1).join(' '), chips.map((chip) => CHIP_WORDS[chip]).join(', ')],
    ['/', 'the text filter'],
    ['D', 'what outputs are held against'],
    ['L, O', 'copy the link to the row, open its file'],
    ['R, N, V', 'rows, numbers, votes'],
  ];
}

function nextAgainst({ against }: CompareModel): CompareModel['against'] {
  if (against === 'reference') return 'a';
  return against === 'a' ? 'nothing' : 'reference';
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}
