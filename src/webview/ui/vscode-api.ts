/** What VS Code gives to the page of a webview, with the messages and the state of one panel. */
export interface VsCodeApi<Message, State> {
  postMessage(message: Message): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi(): VsCodeApi<unknown, unknown>;

/** Gets hold of VS Code; may be called once in the life of a page. */
export function connect<Message, State>(): VsCodeApi<Message, State> {
  // SAFETY: what the page posts and keeps is decided by the page, and VS Code passes it on as it is.
  return acquireVsCodeApi() as VsCodeApi<Message, State>;
}

/** The state that the host wrote into the page, for a panel that has never kept any itself. */
export function stateInPage<State>({ dataset }: HTMLElement): State {
  // SAFETY: the host wrote it, from a value of the panel's own type.
  return JSON.parse(dataset['state'] ?? '') as State;
}
