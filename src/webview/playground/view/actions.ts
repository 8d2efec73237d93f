import type { KeepKind, PlaygroundSettings } from '../../../protocol/playground.ts';

/** What a person can do on the page. */
export interface PlaygroundActions {
  type(text: string): void;
  fill(slot: string, text: string): void;
  send(): void;
  stop(): void;
  /** Takes the newest question back into the field. */
  takeBack(): void;
  clear(): void;
  setSettings(part: PlaygroundSettings): void;
  addCandidates(): void;
  hide(candidate: string): void;
  showAll(): void;
  keep(kind: KeepKind, turn: number, candidate: string, edited?: string): void;
  edit(turn: number, candidate: string): void;
  endEdit(): void;
  openKept(): void;
}
