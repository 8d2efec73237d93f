import { html, nothing, type TemplateResult } from 'lit';
import type { RunSample } from '../../../protocol/webview.ts';
import { button, slider } from '../../ui/controls.ts';
import type { PanelModel } from '../model.ts';
import { runName } from '../run-words.ts';
import { makeSampleTable, neighbour, type SampleTable } from '../samples.ts';
import { stepWord } from '../words.ts';
import type { PanelActions } from './actions.ts';

/** What runs answered while they trained, step by step and beside each other. */
export function samplesView(model: PanelModel, actions: PanelActions): TemplateResult | typeof nothing {
  const table = makeSampleTable(model.runs ?? [], model.samples, model.sampleStep, model.hidden);
  if (!table) return nothing;
  return html`<section class="samples" aria-labelledby="samples-title">
    <h2 id="samples-title">Samples</h2>
    ${table.steps.length > 1 ? stepsView(table, actions) : nothing}
    <div class="scroll" tabindex="0" role="region" aria-label=${`Samples at step ${stepWord(table.step)}`}>
      <table class="data">
        <caption class="visually-hidden">
          What the runs answered at step ${stepWord(table.step)}: one row a prompt, one column a run
        </caption>
        <thead>
          <tr>
            <th scope="col">Prompt</th>
            ${table.runs.map((run) => html`<th scope="col">${runName(run)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${table.rows.map(
            ({ prompt, answers }) =>
              html`<tr>
                <th scope="row">${prompt}</th>
                ${answers.map((answer) => answerView(answer, table.step))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** The slider goes by the steps that have samples, however far they are apart. */
function stepsView(table: SampleTable, actions: PanelActions): TemplateResult {
  const { steps, step } = table;
  const go = (to: number | undefined) => actions.showSamples(to === steps.at(-1) ? undefined : to);
  const [before, after] = [neighbour(table, -1), neighbour(table, 1)];
  return html`<div class="toolbar" role="group" aria-label="The step of the samples">
    ${button({ icon: 'previous', label: 'Earlier samples', disabled: before === undefined, onClick: () => go(before) })}
    ${slider({
      id: 'sample-step',
      text: 'Step',
      value: steps.indexOf(step),
      min: 0,
      max: steps.length - 1,
      step: 1,
      valueText: stepWord(step),
      onInput: (index) => go(steps[index]),
    })}
    ${button({ icon: 'next', label: 'Later samples', disabled: after === undefined, onClick: () => go(after) })}
  </div>`;
}

function answerView(answer: RunSample | undefined, step: number): TemplateResult {
  if (!answer) return html`<td class="none">nothing yet</td>`;
  const isOlder = answer.step !== step;
  return html`<td>
    ${isOlder ? html`<span class="of-step">step ${stepWord(answer.step)}</span>` : nothing}<span
      class="answer"
      >${answer.output === '' ? html`<em>nothing</em>` : answer.output}</span
    >
  </td>`;
}
