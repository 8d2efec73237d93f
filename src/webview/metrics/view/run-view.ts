import { html, nothing, type TemplateResult } from 'lit';
import { nameInId, originOf, percentDone, stateWord } from '../../../protocol/describe-run.ts';
import type { RunState } from '../../../protocol/events.ts';
import type { RunSummary } from '../../../protocol/run.ts';
import type { PanelRun, RunNotice } from '../../../protocol/webview.ts';
import { button } from '../../ui/controls.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import type { PanelModel } from '../model.ts';
import { describeDevice, describeProgress, isLive, runName } from '../run-words.ts';
import type { PanelActions } from './actions.ts';
import { runBadge } from './run-badge.ts';

const ICONS: Record<RunState, IconName> = {
  queued: 'clock',
  preparing: 'working',
  running: 'working',
  evaluating: 'working',
  paused: 'paused',
  stopping: 'working',
  stopped: 'stopped',
  finished: 'done',
  failed: 'failed',
  lost: 'lost',
};

interface RunOptions {
  /** Its place among several runs, from 1. */
  number: number | undefined;
  model: PanelModel;
  actions: PanelActions;
}

/** The head of a run: what it is called, how it stands, what it runs on, what went wrong, and what can be done with it. */
export function runView(run: PanelRun, options: RunOptions): TemplateResult {
  const { number, model, actions } = options;
  const name = runName(run);
  const { summary } = run;
  const badge = number === undefined ? nothing : runBadge(number);
  const title = number === undefined ? html`<h1>${name}</h1>` : html`<h2>${name}</h2>`;
  return html`<article
    class="run"
    aria-label=${`${summary?.kind === 'evaluate' ? 'Evaluation' : 'Run'} ${name}`}
  >
    <header>
      <div class="name">${badge}${title}${summary ? stateView(summary) : nothing}</div>
      <div class="actions">${buttons(run, number !== undefined, actions)}</div>
    </header>
    ${summary ? originView(summary, model, actions) : nothing}
    ${summary ? summaryView(summary, name) : html`<p class="absent">${run.absent ?? 'Looking for this run.'}</p>`}
    ${noticesView(run, name)} ${awaitedEvaluation(run, model)}
  </article>`;
}

function stateView(summary: RunSummary): TemplateResult {
  return html`<span class="state state-${summary.state}"
    >${icon(ICONS[summary.state])}${stateWord(summary)}</span
  >`;
}

function buttons(
  run: PanelRun,
  several: boolean,
  actions: PanelActions,
): (TemplateResult | typeof nothing)[] {
  const { id, summary } = run;
  const name = runName(run);
  const removal = several
    ? button({
        icon: 'close',
        label: `Remove ${name} from this panel`,
        onClick: () => actions.command('remove', id),
      })
    : nothing;
  if (!summary) return [removal];
  const stoppable = isLive(summary);
  return [
    summary.kind === 'evaluate'
      ? button({
          text: 'Open Comparison',
          icon: 'table',
          label: `Open Comparison of ${name}`,
          onClick: () => actions.command('openComparison', id),
        })
      : nothing,
    stoppable
      ? button({
          text: 'Stop',
          icon: 'stop',
          label: `Stop ${name}`,
          disabled: summary.state === 'stopping',
          onClick: () => actions.command('stop', id),
        })
      : nothing,
    button({
      text: 'Open Folder',
      icon: 'folder',
      label: `Open Folder of ${name}`,
      onClick: () => actions.command('openFolder', id),
    }),
    button({
      text: 'Show Log',
      icon: 'log',
      label: `Show Log of ${name}`,
      onClick: () => actions.command('showLog', id),
    }),
    removal,
  ];
}

/** Where the run comes from, and a way to see it beside this one. */
function originView(
  summary: RunSummary,
  { runs }: PanelModel,
  actions: PanelActions,
): TemplateResult | typeof nothing {
  const { parent } = summary;
  // The parent of its runs is a sweep, which has no numbers of its own.
  if (!parent || parent.as === 'sweep') return nothing;
  const origin = originOf(summary) ?? '';
  const isShown = runs?.some(({ id }) => id === parent.id);
  return html`<p class="origin">
    ${origin.charAt(0).toUpperCase() + origin.slice(1)}.
    ${
      isShown
        ? nothing
        : button({
            text: 'Show Beside',
            icon: 'add',
            label: `Show Beside: ${nameInId(parent.id)}, which this one comes from`,
            onClick: () => actions.command('addParent', summary.id),
          })
    }
  </p>`;
}

function summaryView(summary: RunSummary, name: string): TemplateResult {
  const { device } = summary;
  return html`${isLive(summary) ? progressBar(summary, name) : nothing}
    <div class="facts">
      <p class="progress-words">${describeProgress(summary, Date.now())}</p>
      ${device ? html`<p class="device">Device: ${describeDevice(device)}.</p>` : nothing}
    </div>
    ${
      summary.problem === undefined
        ? nothing
        : html`<p class="notice warning">${icon('warning')}<span>${summary.problem}</span></p>`
    }`;
}

/** Without a value while nobody knows how much there is. */
function progressBar(summary: RunSummary, name: string): TemplateResult {
  const percent = summary.state === 'queued' ? undefined : percentDone(summary);
  const label = `Progress of ${name}`;
  return percent === undefined || (percent === 100 && summary.progress?.phase !== 'train')
    ? html`<progress
        class=${summary.state === 'queued' ? 'waiting' : ''}
        max="100"
        aria-label=${label}
      ></progress>`
    : html`<progress max="100" value=${percent} aria-label=${label}></progress>`;
}

function noticesView({ notices, summary }: PanelRun, name: string): TemplateResult | typeof nothing {
  const error = summary?.error;
  const known = notices.some(({ severity, message }) => severity === 'error' && message === error?.message);
  const all: RunNotice[] =
    error && !known ? [...notices, { severity: 'error', count: 1, ...error }] : notices;
  if (all.length === 0) return nothing;
  const sorted = [...all].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  return html`<ul class="notices" aria-label=${`Warnings and errors of ${name}`}>
    ${sorted.map(noticeView)}
  </ul>`;
}

function noticeView({ severity, message, hint, count, code }: RunNotice): TemplateResult {
  return html`<li class="notice ${severity}">
    ${icon(severity)}
    <div>
      <strong>${severity === 'error' ? 'Error' : 'Warning'}:</strong> ${message}
      ${count > 1 ? html`<span class="count">(${count} times)</span>` : nothing}
      ${hint ? html`<div class="hint">${hint}</div>` : nothing}
      <code>${code}</code>
    </div>
  </li>`;
}

/** An evaluation that has no result yet says so. */
function awaitedEvaluation(
  { id, summary }: PanelRun,
  { evaluations, loading }: PanelModel,
): TemplateResult | typeof nothing {
  if (summary?.kind !== 'evaluate' || evaluations.some(({ runId }) => runId === id)) return nothing;
  if (loading) return html`<p class="empty">Reading the result.</p>`;
  return html`<p class="empty">
    ${
      isLive(summary)
        ? 'The result appears here when every candidate has answered every example.'
        : 'This evaluation ended without a result. The log says what it printed.'
    }
  </p>`;
}
