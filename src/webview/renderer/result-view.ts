import type { FromRenderer, RunView } from '../../protocol/notebook.ts';
import styles from './renderer.css';

/** A result as it stands in the document (the extension's CellResultData, as far as it is shown). */
export interface Result {
  live?: string;
  markdown: string;
  attributes: { runs: readonly string[] };
}

export interface ResultActions {
  post(message: FromRenderer): void;
  /** Shows Markdown in an element of its own. */
  markdown(text: string, element: HTMLElement): Promise<void>;
}

/** One result on the page: a run while it goes on, or what came of it. The page is shared with renderers of others. */
export class ResultView {
  readonly #root: ShadowRoot;
  readonly #result: Result;
  readonly #actions: ResultActions;
  readonly #runs = document.createElement('div');

  constructor(element: HTMLElement, result: Result, actions: ResultActions) {
    this.#result = result;
    this.#actions = actions;
    const host = document.createElement('div');
    element.replaceChildren(host);
    this.#root = host.attachShadow({ mode: 'open' });
    const style = document.createElement('style');
    style.textContent = styles;
    const words = document.createElement('div');
    this.#root.replaceChildren(style, words, this.#runs);
    // Relative pictures mean nothing on this page; the run itself gives a newer one.
    const markdown = result.markdown.replace(/^!\[[^\]\n]*\]\([^)\n]*\)$/gm, '').trim();
    if (markdown !== '') void actions.markdown(markdown, words);
    for (const run of result.attributes.runs) actions.post({ type: 'watch', run });
  }

  /** Shows how a run stands, where it is one of this result. */
  update(run: RunView): void {
    if (!this.#result.attributes.runs.includes(run.id)) return;
    const section = this.#section(run.id);
    const parts: Node[] = [];
    if (this.#result.live === run.id) parts.push(progress(run));
    if (run.picture !== undefined) parts.push(picture(run));
    if (this.#result.live === run.id && run.children) parts.push(childrenTable(run.children));
    else if (this.#result.live === run.id && run.metrics.length > 0) parts.push(table(run));
    parts.push(this.#buttons(run));
    section.replaceChildren(...parts);
  }

  dispose(): void {
    for (const run of this.#result.attributes.runs) this.#actions.post({ type: 'unwatch', run });
  }

  #section(id: string): HTMLElement {
    const known = [...this.#runs.children].find((each) => each.getAttribute('data-run') === id);
    if (known instanceof HTMLElement) return known;
    const section = document.createElement('section');
    section.setAttribute('data-run', id);
    this.#runs.append(section);
    return section;
  }

  #buttons({ id, live, resumable }: RunView): HTMLElement {
    const row = element('p', { class: 'buttons' });
    row.append(this.#button('Open Metrics', { type: 'metrics', run: id }));
    if (live) row.append(this.#button('Stop', { type: 'stop', run: id }));
    if (resumable) row.append(this.#button('Resume', { type: 'resume', run: id }));
    return row;
  }

  #button(text: string, message: FromRenderer): HTMLElement {
    const button = element('button', { type: 'button' }, text);
    button.addEventListener('click', () => this.#actions.post(message));
    return button;
  }
}

function progress({ description, percent }: RunView): HTMLElement {
  const row = element('div', { class: 'progress' });
  const bar = element('progress', {
    max: '100',
    'aria-label': 'Progress',
    ...(percent !== undefined && { value: String(percent) }),
  });
  row.append(bar, element('span', { role: 'status' }, description));
  return row;
}

function picture({ id, picture: svg = '' }: RunView): HTMLElement {
  // As a picture, and not as a part of the page: what it holds can do nothing there.
  const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  return element('img', { src: source, alt: `Loss of ${id} by step` });
}

function table({ metrics }: RunView): HTMLElement {
  const body = element('table', {});
  for (const [name, value] of metrics) {
    const row = element('tr', {});
    row.append(element('th', { scope: 'row' }, name), element('td', {}, value));
    body.append(row);
  }
  return body;
}

/** The runs of a sweep while it goes on. */
function childrenTable(children: NonNullable<RunView['children']>): HTMLElement {
  const whole = element('table', { class: 'children' });
  const head = element('tr', {});
  for (const title of ['run', 'values', 'state']) head.append(element('th', { scope: 'col' }, title));
  whole.append(head);
  for (const [name, ...rest] of children) {
    const row = element('tr', {});
    row.append(element('th', { scope: 'row' }, name), ...rest.map((text) => element('td', {}, text)));
    whole.append(row);
  }
  return whole;
}

function element(name: string, attributes: Readonly<Record<string, string>>, text?: string): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}
