import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { button } from '../../ui/controls.ts';
import { shown, slotsOf, type PlaygroundModel } from '../model.ts';
import type { PlaygroundActions } from './actions.ts';
import { settingsView } from './settings-view.ts';

/** Where a question is typed. Enter asks; Shift+Enter begins a line. */
export function composerView(model: PlaygroundModel, actions: PlaygroundActions): TemplateResult {
  const { draft, going, state } = model;
  const canAsk = shown(model).some(({ problem }) => problem === undefined);
  const inputs = [...new Set(shown(model).flatMap(({ input }) => input ?? []))];
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    actions.send();
  };
  return html`<footer class="composer">
    ${slotsOf(model).map(
      (slot) =>
        html`<span class="field slot">
          <label for=${`slot-${slot}`}>${slot}</label>
          <input
            id=${`slot-${slot}`}
            type="text"
            spellcheck="false"
            .value=${live(draft.slots[slot] ?? '')}
            @input=${({ currentTarget }: Event) => {
              if (currentTarget instanceof HTMLInputElement) actions.fill(slot, currentTarget.value);
            }}
          />
        </span>`,
    )}
    <label for="question"
      >${inputs.length === 0 ? 'Message' : `Message (fills ${inputs.map((name) => `{{ ${name} }}`).join(', ')} of prompts)`}</label
    >
    <textarea
      id="question"
      rows="3"
      placeholder="Enter asks; Shift+Enter begins a line"
      .value=${live(draft.text)}
      @keydown=${keys}
      @input=${({ currentTarget }: Event) => {
        if (currentTarget instanceof HTMLTextAreaElement) actions.type(currentTarget.value);
      }}
    ></textarea>
    <div class="buttons">
      ${
        going
          ? button({
              text: 'Stop',
              icon: 'stop',
              label: 'Stop answering',
              primary: true,
              onClick: () => actions.stop(),
            })
          : button({
              text: 'Ask',
              primary: true,
              disabled: !canAsk || draft.text.trim() === '',
              onClick: () => actions.send(),
            })
      }
      ${button({ text: 'Ask Anew', label: 'Ask Anew: take the newest question back into the field', icon: 'undo', disabled: state.turns.length === 0 || going !== undefined, onClick: () => actions.takeBack() })}
      ${button({ text: 'Clear', label: 'Clear the conversation', disabled: state.turns.length === 0 || going !== undefined, onClick: () => actions.clear() })}
      ${going ? html`<span class="subtitle">Escape stops, too.</span>` : nothing}
    </div>
    ${settingsView(state.settings, actions)}
  </footer>`;
}
