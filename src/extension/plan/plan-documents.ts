import * as vscode from 'vscode';
import type { RunPlan } from '../../protocol/plan.ts';
import { planMarkdown } from './plan-markdown.ts';

/** The scheme of read-only documents that hold plans. */
export const PLAN_SCHEME = 'tunebook-plan';

const MAX_KEPT = 20;

/** Holds the plans that are shown, as Markdown. */
export class PlanDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration: vscode.Disposable;

  constructor() {
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(PLAN_SCHEME, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? 'This plan is gone. Plan the run again.\n';
  }

  /** Shows a plan beside the config, with what it was warned of. */
  async show(config: vscode.Uri, plan: RunPlan, warnings: readonly string[]): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: PLAN_SCHEME,
      path: `/Plan of ${plan.run}.md`,
      query: config.toString(),
    });
    this.#texts.delete(uri.toString());
    this.#texts.set(uri.toString(), planMarkdown(plan, warnings));
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MAX_KEPT && oldest !== undefined) this.#texts.delete(oldest);
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
