import * as vscode from 'vscode';
import { describeRun, percentDone } from '../../protocol/describe-run.ts';
import { formatMetric } from '../../protocol/format.ts';
import { lossPicture } from '../../protocol/loss-picture.ts';
import {
  RESULT_RENDERER,
  type FromRenderer,
  type RunView,
  type ToRenderer,
} from '../../protocol/notebook.ts';
import { fromWire } from '../../protocol/numbers.ts';
import type { RunSummary } from '../../protocol/run.ts';
import { stopRun } from '../../runs/control-client.ts';
import { LossReader } from '../../runs/loss-history.ts';
import { isFinal } from '../../protocol/events.ts';
import { goOn } from '../commands/run/go-on.ts';
import { showError } from '../errors.ts';
import type { Services } from '../services.ts';

/** Tells the renderers how runs stand that they show. The document is not touched by it. */
export class RendererFeed implements vscode.Disposable {
  readonly #services: Services;
  readonly #messaging = vscode.notebooks.createRendererMessaging(RESULT_RENDERER);
  /** How many results show a run. */
  readonly #watched = new Map<string, number>();
  readonly #readers = new Map<string, LossReader>();
  readonly #disposables: vscode.Disposable[];

  constructor(services: Services) {
    this.#services = services;
    this.#disposables = [
      // SAFETY: only our renderer sends messages under this id.
      this.#messaging.onDidReceiveMessage(({ message }) => void this.#receive(message as FromRenderer)),
      { dispose: services.store.onDidChange(() => this.#tellAll()) },
    ];
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  async #receive(message: FromRenderer): Promise<void> {
    const { store } = this.#services;
    const { run: id } = message;
    const run = store.get(id);
    switch (message.type) {
      case 'watch':
        this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
        if (run) this.#tell(run);
        return;
      case 'unwatch': {
        const left = (this.#watched.get(id) ?? 1) - 1;
        if (left > 0) this.#watched.set(id, left);
        else {
          this.#watched.delete(id);
          this.#readers.delete(id);
        }
        return;
      }
      case 'metrics':
        if (run?.kind === 'evaluate') this.#services.showComparison(id);
        else if (run) this.#services.showMetrics([id], true);
        return;
      case 'stop':
        if (run && !isFinal(run.state)) await stopRun(run.dir);
        return;
      case 'resume':
        if (run) await goOn(this.#services, run).catch(showError);
    }
  }

  #tellAll(): void {
    for (const id of this.#watched.keys()) {
      const run = this.#services.store.get(id);
      if (run) this.#tell(run);
    }
  }

  #tell(run: RunSummary): void {
    const message: ToRenderer = { type: 'run', run: this.#view(run) };
    void this.#messaging.postMessage(message);
  }

  #view(run: RunSummary): RunView {
    const percent = percentDone(run);
    const picture = run.kind === 'run' ? this.#picture(run) : undefined;
    return {
      id: run.id,
      live: !isFinal(run.state),
      description: `${run.name}: ${run.state} · ${describeRun(run)}`,
      ...(percent !== undefined && { percent }),
      metrics: Object.entries(run.metrics)
        .filter(([name]) => !/_(runtime|per_second)$/.test(name))
        .map(([name, value]) => [name, formatMetric(name, fromWire(value))]),
      resumable: isFinal(run.state) && run.state !== 'finished',
      ...(picture !== undefined && { picture }),
      ...(run.kind === 'sweep' && { children: this.#childrenOf(run.id) }),
    };
  }

  /** The runs of a sweep in the order of its plan. */
  #childrenOf(id: string): NonNullable<RunView['children']> {
    return this.#services.store.runs
      .filter(({ parent }) => parent?.as === 'sweep' && parent.id === id)
      .sort((a, b) => (a.parent?.trial ?? 0) - (b.parent?.trial ?? 0))
      .map((run) => {
        const values = Object.entries(run.parent?.values ?? {}).map(
          ([path, value]) => `${path} ${String(value)}`,
        );
        return [run.name, values.join(', '), `${run.state} · ${describeRun(run)}`];
      });
  }

  #picture(run: RunSummary): string | undefined {
    const reader = this.#readers.get(run.id) ?? new LossReader(run.dir);
    this.#readers.set(run.id, reader);
    const { train, eval: evaluated } = reader.read();
    return lossPicture(run.name, train, evaluated);
  }
}
