import { html, nothing, type TemplateResult } from 'lit';
import type { CompareDetail, DetailAnswer, DetailGrade } from '../../../protocol/compare.ts';
import { displayMetric, displayValue } from '../../../protocol/display.ts';
import type { RubricSummary } from '../../../protocol/evaluation.ts';
import { button, choice } from '../../ui/controls.ts';
import { icon } from '../../ui/icons.ts';
import { diffTexts } from '../diff.ts';
import type { CompareModel, DiffAgainst } from '../model.ts';
import { answerNumbers, gradeWord, rightWord, verdictWord } from '../words.ts';
import type { CompareActions } from './actions.ts';
import { markedTextView, type SpanRival } from './spans-view.ts';

/** The open row in full: what was asked, what is right, and what each candidate made of it. Escape goes back to the rows. */
export function detailView(model: CompareModel, actions: CompareActions): TemplateResult {
  const { detail, overview, against, query } = model;
  if (!detail)
    return html`<section class="detail empty" aria-label="Open row">
      Choose a row to see it in full.
    </section>`;
  const options: { value: DiffAgainst; text: string }[] = [
    { value: 'reference', text: 'the reference' },
    { value: 'a', text: query.a },
    { value: 'nothing', text: 'nothing' },
  ];
  const back = (event: KeyboardEvent) => {
    if (event.key === 'Escape') actions.focusGrid();
  };
  return html`<section
    id="detail"
    class="detail"
    tabindex="-1"
    aria-label=${`Row ${detail.index}`}
    @keydown=${back}
  >
    <header>
      <h2>Row ${detail.index}</h2>
      ${button({ text: detail.source, label: `${detail.source}: open the file`, icon: 'log', onClick: () => actions.openSource(detail.index) })}
      ${button({ text: 'Copy Link', label: `Copy Link to row ${detail.index}`, icon: 'link', onClick: () => actions.copyLink(detail.index) })}
      ${choice('against', 'Differences to', options, against, (value) => actions.setAgainst(options.find((one) => one.value === value)?.value ?? 'nothing'))}
      ${detail.place < 0 ? html`<span class="subtitle">The filters leave this row out.</span>` : nothing}
    </header>
    <div class="texts">
      ${textView('Input', detail.input, detail.cut.includes('input'), () => actions.openText(detail.index))}
      ${
        detail.spans
          ? html`<div class="piece">
              <h3>Reference</h3>
              ${markedTextView(detail.input, detail.spans)}
            </div>`
          : textView('Reference', detail.reference, detail.cut.includes('reference'), () =>
              actions.openText(detail.index),
            )
      }
      ${(overview?.candidates ?? []).map((name, c) => answerView(model, detail, name, detail.answers[c] ?? null, actions))}
      ${judgementsView(detail)}
    </div>
  </section>`;
}

function textView(title: string, text: string, isCut: boolean, openAll: () => void): TemplateResult {
  return html`<div class="piece">
    <h3>${title}</h3>
    <p class="body">${text === '' ? html`<em>empty</em>` : text}</p>
    ${isCut ? cutView(title, openAll) : nothing}
  </div>`;
}

function cutView(what: string, openAll: () => void): TemplateResult {
  return html`<p class="subtitle">
    Only the beginning is shown.
    ${button({ text: 'Open All', label: `Open All of ${what} in an editor`, onClick: openAll })}
  </p>`;
}

function answerView(
  model: CompareModel,
  detail: CompareDetail,
  name: string,
  answer: DetailAnswer | null,
  actions: CompareActions,
): TemplateResult {
  if (!answer)
    return html`<div class="piece">
      <h3>${name}</h3>
      <p class="missing">Not answered yet.</p>
    </div>`;
  const { overview } = model;
  const scores = Object.entries(answer.scores ?? {});
  return html`<div class=${rightWord(answer)}>
    <h3>
      ${icon(answer.correct ? 'done' : 'failed')} ${name}
      <span class="verdict-word">${rightWord(answer)}</span>
    </h3>
    ${
      answer.spans && detail.spans
        ? markedTextView(detail.input, answer.spans, rivalOf(model, detail, name))
        : html`<p class="body">${outputView(model, detail, name, answer)}</p>`
    }
    ${detail.cut.includes(name) ? cutView(name, () => actions.openText(detail.index, name)) : nothing}
    <p class="stats">
      ${answerNumbers(answer)}${scores.map(([metric, value]) => ` · ${displayMetric(metric)} ${displayValue(metric, value)}`)}
    </p>
    ${answer.graded.map((grade) => gradeView(grade, name, overview?.result?.rubric))}
    ${answer.spans ? nothing : editView(model, name, answer, actions)}
    <details>
      <summary>Prompt of ${name}</summary>
      ${promptView(answer, detail)}
    </details>
  </div>`;
}

function outputView(
  { against, query, overview }: CompareModel,
  detail: CompareDetail,
  name: string,
  { output }: DetailAnswer,
): TemplateResult | TemplateResult[] {
  const baseline = detail.answers[overview?.candidates.indexOf(query.a) ?? -1]?.output;
  const other =
    against === 'reference' ? detail.reference : against === 'a' && name !== query.a ? baseline : undefined;
  if (other === undefined) return output === '' ? html`<em>empty</em>` : html`${output}`;
  const parts = diffTexts(output, other);
  if (parts.length === 0) return html`<em>empty</em>`;
  return parts.map(({ text, kind }) => {
    if (kind === 'same') return html`${text}`;
    return kind === 'added' ? html`<ins>${text}</ins>` : html`<del>${text}</del>`;
  });
}

/** What the entities of an answer are held against. */
function rivalOf(
  { against, query, overview }: CompareModel,
  { spans: reference = [], answers }: CompareDetail,
  name: string,
): SpanRival | undefined {
  if (against === 'reference') return { name: 'the reference', spans: reference };
  const baseline = answers[overview?.candidates.indexOf(query.a) ?? -1];
  if (against === 'nothing' || name === query.a || !baseline?.spans) return undefined;
  return { name: query.a, spans: baseline.spans };
}

/** A judge's score of an answer with its reason; what it was asked on demand. */
function gradeView(grade: DetailGrade, name: string, rubric: RubricSummary | undefined): TemplateResult {
  const { criterion, reason, prompt } = grade;
  return html`<p><b>${criterion}:</b> ${gradeWord(grade, rubric)}</p>
    ${reason === '' ? nothing : html`<p class="body">${reason}</p>`}
    <details>
      <summary>What the judge was asked about ${criterion} of ${name}</summary>
      ${textsView(prompt ?? '')}
    </details>`;
}

/** What a judge said of each two answers; its own words and what it was asked on demand. */
function judgementsView({ judgements }: CompareDetail): TemplateResult | typeof nothing {
  if (judgements.length === 0) return nothing;
  return html`<div class="piece">
    <h3>The judge</h3>
    ${judgements.map(
      (judgement) =>
        html`<p>
            <b>${judgement.first}</b> first, then <b>${judgement.second}</b>: ${verdictWord(judgement)}
          </p>
          <details>
            <summary>What it was asked with ${judgement.first} first, and said</summary>
            ${textsView(judgement.prompt ?? '')}
            <h4>judge</h4>
            <pre>${judgement.output}</pre>
          </details>`,
    )}
  </div>`;
}

function promptView({ prompt }: DetailAnswer, { input }: CompareDetail): TemplateResult {
  if (prompt === undefined)
    return html`<p class="subtitle">It was given the input as it stands:</p>
      <pre>${input}</pre>`;
  return textsView(prompt);
}

/** A prompt as it was sent: a text, or messages. */
function textsView(prompt: NonNullable<DetailAnswer['prompt']>): TemplateResult {
  if (typeof prompt === 'string') return html`<pre>${prompt}</pre>`;
  return html`${prompt.map(
    ({ role, content }) =>
      html`<h4>${role}</h4>
        <pre>${content}</pre>`,
  )}`;
}

/** What a person writes in the place of an answer is kept, and becomes a row to train on. */
function editView(
  { editing }: CompareModel,
  name: string,
  { output, edited }: DetailAnswer,
  actions: CompareActions,
): TemplateResult {
  if (editing !== name)
    return html`${edited === undefined ? nothing : html`<p class="body edited"><b>Better answer:</b> ${edited}</p>`}
    ${button({ text: 'Edit Answer', label: `Edit Answer of ${name}`, icon: 'edit', onClick: () => actions.edit(name) })}`;
  const save = () => {
    const area = document.getElementById('edited-answer');
    if (area instanceof HTMLTextAreaElement) actions.saveEdit(name, area.value);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      actions.edit(undefined);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
  };
  return html`<div class="editor">
    <label for="edited-answer">Better answer than that of ${name}</label>
    <textarea id="edited-answer" rows="4" @keydown=${keys} .value=${edited ?? output}></textarea>
    ${button({ text: 'Save', label: `Save the better answer`, primary: true, onClick: save })}
    ${button({ text: 'Cancel', onClick: () => actions.edit(undefined) })}
  </div>`;
}
