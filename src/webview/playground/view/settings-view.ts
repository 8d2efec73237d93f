import { html, nothing, type TemplateResult } from 'lit';
import { SETTING_RANGES, type NumberSetting, type PlaygroundSettings } from '../../../protocol/playground.ts';
import type { PlaygroundActions } from './actions.ts';

/** What each setting does, in a few words. */
const WORDS: Record<NumberSetting, string> = {
  temperature: '0 takes the likeliest token each time; above 1 is more varied',
  top_p: 'Draws among the likeliest tokens that have this probability together',
  top_k: 'Draws among so many of the likeliest tokens; 0 for all',
  max_new_tokens: 'The longest answer, in tokens',
  repetition_penalty: 'Above 1 makes what was said already less likely',
  seed: 'The same seed draws the same answer',
};

/** How answers are drawn. An empty field leaves it to each candidate. */
export function settingsView(settings: PlaygroundSettings, actions: PlaygroundActions): TemplateResult {
  // SAFETY: an object has the keys that it has.
  const names = Object.keys(SETTING_RANGES) as NumberSetting[];
  const changed = Object.keys(settings).length;
  return html`<details class="settings">
    <summary>Sampling${changed === 0 ? nothing : ` (${changed} set)`}</summary>
    <p class="subtitle">An empty field leaves it to each candidate.</p>
    <div class="fields">
      ${names.map((name) => numberField(name, settings[name], actions))}
      <span class="field">
        <label for="setting-stop">stop</label>
        <textarea
          id="setting-stop"
          rows="1"
          spellcheck="false"
          title="Texts that end an answer, one a line"
          placeholder="one a line"
          .value=${(settings.stop ?? []).join('\n')}
          @change=${({ currentTarget }: Event) => {
            if (!(currentTarget instanceof HTMLTextAreaElement)) return;
            const stop = currentTarget.value.split('\n').filter((line) => line !== '');
            actions.setSettings({ stop: stop.length > 0 ? stop : undefined });
          }}
        ></textarea>
      </span>
    </div>
  </details>`;
}

function numberField(
  name: NumberSetting,
  value: number | undefined,
  actions: PlaygroundActions,
): TemplateResult {
  const { least, most, whole } = SETTING_RANGES[name];
  const change = ({ currentTarget }: Event) => {
    if (!(currentTarget instanceof HTMLInputElement)) return;
    const { value, validity } = currentTarget;
    currentTarget.setAttribute('aria-invalid', String(!validity.valid));
    if (validity.valid) actions.setSettings({ [name]: value === '' ? undefined : Number(value) });
    else currentTarget.reportValidity();
  };
  return html`<span class="field">
    <label for=${`setting-${name}`}>${name}</label>
    <input
      id=${`setting-${name}`}
      type="number"
      min=${least}
      max=${most}
      step=${whole ? 1 : 'any'}
      title=${WORDS[name]}
      .value=${value === undefined ? '' : String(value)}
      @change=${change}
    />
  </span>`;
}
