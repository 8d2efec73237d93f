import type { CompareQuery, Preference } from '../../../protocol/compare.ts';
import type { CompareTab, DiffAgainst } from '../model.ts';

/** What a person can do on the page. */
export interface CompareActions {
  setQuery(part: Partial<CompareQuery>): void;
  /** Takes filters away, and keeps candidates and sort. */
  clearFilters(): void;
  setTab(tab: CompareTab): void;
  setAgainst(against: DiffAgainst): void;
  /** Moves to a row, by its place, and opens it. */
  moveTo(place: number): void;
  /** Moves on by so many places from the row that the keyboard is on, which may not have been drawn yet. */
  moveBy(places: number): void;
  moveToEnd(): void;
  scrolled(): void;
  focusDetail(): void;
  focusGrid(): void;
  copyLink(index: number): void;
  openSource(index: number): void;
  openText(index: number, candidate?: string): void;
  exportRows(): void;
  edit(candidate: string | undefined): void;
  saveEdit(candidate: string, output: string): void;
  vote(winner: Preference): void;
  skip(): void;
  undoVote(): void;
  makePreferences(): void;
}
