import { html, nothing, type TemplateResult } from 'lit';

export interface TextFieldOptions {
  id: string;
  /** Its label. */
  text: string;
  value: string;
  placeholder?: string;
  onInput: (value: string) => void;
}

/** A field for some words, with its label. */
export function searchField({ id, text, value, placeholder, onInput }: TextFieldOptions): TemplateResult {
  const input = ({ currentTarget }: Event) => {
    if (currentTarget instanceof HTMLInputElement) onInput(currentTarget.value);
  };
  return html`<span class="field">
    <label for=${id}>${text}</label>
    <input
      id=${id}
      type="search"
      spellcheck="false"
      placeholder=${placeholder ?? nothing}
      .value=${value}
      @input=${input}
    />
  </span>`;
}

export interface RangeFieldOptions {
  id: string;
  /** What the numbers are: `Length`. */
  text: string;
  value: readonly [least: number, most: number] | undefined;
  largest?: number;
  step?: number;
  onChange: (value: [least: number, most: number] | undefined) => void;
}

/** Two fields for the least and the most of something; empty ones set no limit. */
export function rangeField(options: RangeFieldOptions): TemplateResult {
  const { id, text, value, largest, step = 1, onChange } = options;
  const read = ({ currentTarget }: Event) => {
    if (!(currentTarget instanceof HTMLElement)) return;
    const [least, most] = [...(currentTarget.closest('.range')?.querySelectorAll('input') ?? [])].map(
      ({ value }) => (value === '' ? undefined : Number(value)),
    );
    onChange(
      least === undefined && most === undefined ? undefined : [least ?? 0, most ?? Number.MAX_SAFE_INTEGER],
    );
  };
  const field = (end: 'from' | 'to', limit: number | undefined) =>
    html`<input
      id=${`${id}-${end}`}
      type="number"
      min="0"
      max=${largest ?? nothing}
      step=${step}
      aria-label=${`${text} ${end}`}
      .value=${limit === undefined || limit === Number.MAX_SAFE_INTEGER ? '' : String(limit)}
      @change=${read}
    />`;
  return html`<span class="field range" role="group" aria-label=${text}>
    <span aria-hidden="true">${text}</span>
    ${field('from', value?.[0])}<span aria-hidden="true">to</span>${field('to', value?.[1])}
  </span>`;
}
