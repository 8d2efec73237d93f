import * as vscode from 'vscode';
import { compareConfig } from './commands/compare-config.ts';
import { removeEndpointKey, setEndpointKey } from './commands/endpoint-keys.ts';
import { evaluateConfig } from './commands/evaluate-config.ts';
import { importConfigCommand } from './commands/import-config.ts';
import { openComparison } from './commands/open-comparison.ts';
import { openExample } from './commands/open-example.ts';
import { newExperiment } from './commands/new-experiment.ts';
import { openNotebook } from './commands/open-notebook.ts';
import { openMetrics } from './commands/open-metrics.ts';
import { openPlayground } from './commands/open-playground.ts';
import { openRunConfig } from './commands/open-run-config.ts';
import { openRunFolder } from './commands/open-run-folder.ts';
import { planConfig } from './commands/plan-config.ts';
import {
  goToPromptRow,
  nextPromptRow,
  previewPrompt,
  previousPromptRow,
  tryPrompts,
} from './commands/prompts.ts';
import { runConfig } from './commands/run-config.ts';
import { arrangeRuns, filterRuns, showAllRuns } from './commands/run/arrange-runs.ts';
import { compareRuns, duplicateRun, pauseRunCommand, restartRun, resumeRun } from './commands/run/go-on.ts';
import { editNotes, editTags, pinRun, renameRun } from './commands/run/labels.ts';
import { moveInQueue } from './commands/run/move-in-queue.ts';
import { deleteRun } from './commands/run/remove.ts';
import { showLog } from './commands/show-log.ts';
import { showResolvedConfig } from './commands/show-resolved-config.ts';
import { stopRunCommand } from './commands/stop-run.ts';
import { showError } from './errors.ts';
import { Language } from './language/language.ts';
import { PromptsView } from './language/prompts-view.ts';
import { startLanguage } from './language/start.ts';
import { ComparePanels } from './panels/compare/compare-panels.ts';
import { startNotebooks } from './notebook/start.ts';
import { RUNS_DRAG, receiveRuns } from './panels/drag-runs.ts';
import { MetricsPanels } from './panels/metrics-panels.ts';
import { pickSources } from './panels/playground/pick-sources.ts';
import { PlaygroundPanels } from './panels/playground/playground-panels.ts';
import { PlanDocuments } from './plan/plan-documents.ts';
import { RunStore } from './runs/run-store.ts';
import { provideTasks } from './tasks/task-provider.ts';
import { workspaceFolders, type Services } from './services.ts';
import { trackContext } from './views/context-keys.ts';
import { RunsView } from './views/runs-view.ts';
import { sideViews } from './views/side/side-views.ts';
import { StatusBar } from './views/status-bar.ts';

const COMMANDS: Record<string, (services: Services, ...args: unknown[]) => Promise<unknown>> = {
  'tunebook.runConfig': runConfig,
  'tunebook.evaluateConfig': evaluateConfig,
  'tunebook.planConfig': planConfig,
  'tunebook.showResolvedConfig': showResolvedConfig,
  'tunebook.previewPrompt': previewPrompt,
  'tunebook.nextPromptRow': nextPromptRow,
  'tunebook.previousPromptRow': previousPromptRow,
  'tunebook.goToPromptRow': goToPromptRow,
  'tunebook.tryPrompts': tryPrompts,
  'tunebook.compareConfig': compareConfig,
  'tunebook.stopRun': stopRunCommand,
  'tunebook.openMetrics': openMetrics,
  'tunebook.openComparison': openComparison,
  'tunebook.openPlayground': openPlayground,
  'tunebook.openRunFolder': openRunFolder,
  'tunebook.openRunConfig': openRunConfig,
  'tunebook.showLog': showLog,
  'tunebook.openExample': openExample,
  'tunebook.pauseRun': pauseRunCommand,
  'tunebook.resumeRun': resumeRun,
  'tunebook.restartRun': restartRun,
  'tunebook.duplicateRun': duplicateRun,
  'tunebook.renameRun': renameRun,
  'tunebook.pinRun': pinRun,
  'tunebook.unpinRun': pinRun,
  'tunebook.editNotes': editNotes,
  'tunebook.editTags': editTags,
  'tunebook.deleteRun': deleteRun,
  'tunebook.compareRuns': compareRuns,
  'tunebook.moveInQueue': moveInQueue,
  'tunebook.arrangeRuns': arrangeRuns,
  'tunebook.filterRuns': filterRuns,
  'tunebook.showAllRuns': showAllRuns,
  'tunebook.importConfig': importConfigCommand,
  'tunebook.openNotebook': openNotebook,
  'tunebook.newExperiment': newExperiment,
  'tunebook.setEndpointKey': setEndpointKey,
  'tunebook.removeEndpointKey': removeEndpointKey,
};

/** Registers everything and returns at once; folders are looked at and the language server is started afterwards. */
export function activate(context: vscode.ExtensionContext): void {
  const store = new RunStore();
  const panels = new MetricsPanels(context, store);
  const comparisons = new ComparePanels(context, store);
  const playgrounds = new PlaygroundPanels(context, () => pickSources(store));
  const runsView = new RunsView(store, context.workspaceState);
  const tree = vscode.window.createTreeView('tunebook.runs', {
    treeDataProvider: runsView,
    dragAndDropController: RUNS_DRAG,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const language = new Language(context);
  const plans = new PlanDocuments();
  const prompts = new PromptsView(language);
  const services: Services = {
    context,
    store,
    runsView,
    language,
    plans,
    prompts,
    selection: () => tree.selection,
    showMetrics: (ids, beside) => panels.show(ids, beside),
    showComparison: (id, row) => comparisons.show(id, row),
    showPlayground: (workspace, sources) => playgrounds.show(workspace, sources),
  };
  context.subscriptions.push(
    store,
    panels,
    comparisons,
    playgrounds,
    runsView,
    tree,
    receiveRuns((ids, column) => panels.add(ids, column)),
    sideViews(store, context.asAbsolutePath('dist/tunebook.js')),
    new StatusBar(store),
    trackContext(store, tree),
    plans,
    provideTasks(context),
    startLanguage(language, store, prompts),
    startNotebooks(services, (method, params) => language.askRunning(method, params)),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void store.setWorkspaces(workspaceFolders())),
    ...Object.entries(COMMANDS).map(([id, command]) =>
      vscode.commands.registerCommand(id, (...args: unknown[]) => guarded(() => command(services, ...args))),
    ),
  );
  setImmediate(() => void guarded(() => store.setWorkspaces(workspaceFolders())));
}

async function guarded(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    await showError(error);
  }
}
