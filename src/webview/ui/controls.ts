import { html, nothing, type TemplateResult } from 'lit';
import { icon, type IconName } from './icons.ts';

/** Controls that every panel uses. Each has a name that says what it does to whom. */

export interface ButtonOptions {
  /** The words on it; an icon button shows none. */
  text?: string;
  icon?: IconName;
  /** The accessible name, where the words alone do not say of what: begins with the words. */
  label?: string;
  primary?: boolean;
  /** Does nothing now. It can still have the focus, so that a person who pressed it does not lose their place. */
  disabled?: boolean;
  /** For a button that is on or off. */
  pressed?: boolean;
  onClick: () => void;
}

/** A button of the toolkit: with words, or as an icon with a label. */
export function button(options: ButtonOptions): TemplateResult {
  const { text, label, primary, disabled = false, pressed, onClick } = options;
  const appearance = text === undefined ? 'icon' : primary ? 'primary' : 'secondary';
  return html`<vscode-button
    appearance=${appearance}
    aria-label=${label ?? text ?? ''}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    title=${text === undefined ? (label ?? nothing) : nothing}
    aria-disabled=${disabled ? 'true' : nothing}
    @click=${disabled ? nothing : onClick}
    >${options.icon ? icon(options.icon, text === undefined ? undefined : 'start') : nothing}${text ?? nothing}</vscode-button
  >`;
}

/** A checkbox of the toolkit; its words never change. */
export function checkbox(
  text: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): TemplateResult {
  const change = (event: Event) => {
    const { target } = event;
    // SAFETY: the listener is on the toolkit's checkbox, which has this property.
    const now = (target as EventTarget & { checked: boolean }).checked;
    if (now !== checked) onChange(now);
  };
  return html`<vscode-checkbox .checked=${checked} @change=${change}>${text}</vscode-checkbox>`;
}

export interface SliderOptions {
  id: string;
  text: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value in words. */
  valueText: string;
  onInput: (value: number) => void;
}

/** A slider with its label and its value; the toolkit has none, so it is the browser's own. */
export function slider(options: SliderOptions): TemplateResult {
  const { id, text, value, min, max, step, valueText, onInput } = options;
  const input = ({ currentTarget }: Event) => {
    if (currentTarget instanceof HTMLInputElement) onInput(currentTarget.valueAsNumber);
  };
  return html`<span class="slider">
    <label for=${id}>${text}</label>
    <input
      id=${id}
      type="range"
      min=${min}
      max=${max}
      step=${step}
      .value=${String(value)}
      aria-valuetext=${valueText}
      @input=${input}
    />
    <span class="value" aria-hidden="true">${valueText}</span>
  </span>`;
}

export interface Option {
  value: string;
  text: string;
}

/** A list to choose one from, with its label. */
export function choice(
  id: string,
  text: string,
  options: readonly Option[],
  value: string,
  onChange: (value: string) => void,
): TemplateResult {
  const change = ({ currentTarget }: Event) => {
    if (currentTarget instanceof HTMLSelectElement) onChange(currentTarget.value);
  };
  return html`<span class="choice">
    <label for=${id}>${text}</label>
    <select id=${id} @change=${change}>
      ${options.map((one) => html`<option value=${one.value} ?selected=${one.value === value}>${one.text}</option>`)}
    </select>
  </span>`;
}
