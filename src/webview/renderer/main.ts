import type { FromRenderer, ToRenderer } from '../../protocol/notebook.ts';
import { ResultView, type Result } from './result-view.ts';

/** What VS Code gives a renderer of notebook outputs (vscode-notebook-renderer's RendererContext, as far as it is used). */
interface RendererContext {
  postMessage?(message: FromRenderer): void;
  onDidReceiveMessage?(listener: (message: ToRenderer) => void): unknown;
  getRenderer(id: string): Promise<MarkdownRenderer | undefined>;
}

interface MarkdownRenderer {
  renderOutputItem(item: object, element: HTMLElement, signal?: AbortSignal): void;
}

interface OutputItem {
  id: string;
  json(): Result;
}

/** The renderer of results: VS Code calls this once, when the first result is shown. */
export function activate(context: RendererContext) {
  const views = new Map<string, ResultView>();
  context.onDidReceiveMessage?.(({ run }) => {
    for (const view of views.values()) view.update(run);
  });
  const post = (message: FromRenderer) => context.postMessage?.(message);
  const markdown = async (text: string, element: HTMLElement) => {
    const renderer = await context.getRenderer('vscode.markdown-it-renderer');
    if (!renderer) {
      element.textContent = text;
      return;
    }
    const bytes = new TextEncoder().encode(text);
    renderer.renderOutputItem(
      {
        id: `tunebook-${Math.random()}`,
        mime: 'text/markdown',
        metadata: {},
        text: () => text,
        json: () => text,
        data: () => bytes,
        blob: () => new Blob([bytes], { type: 'text/markdown' }),
      },
      element,
    );
  };
  return {
    renderOutputItem(item: OutputItem, element: HTMLElement) {
      views.get(item.id)?.dispose();
      views.set(item.id, new ResultView(element, item.json(), { post, markdown }));
    },
    disposeOutputItem(id?: string) {
      for (const [key, view] of views) {
        if (id !== undefined && key !== id) continue;
        view.dispose();
        views.delete(key);
      }
    },
  };
}
