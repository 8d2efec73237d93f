import { MarkupKind, type InlayHint } from 'vscode-languageserver/node';
import { findHints } from '../../language/hints.ts';
import type { LanguageHost } from '../../language/host.ts';
import type { OpenQuestion } from '../facts/facts-cache.ts';
import { about, rangeIn, type Context } from './context.ts';
import type { Plans } from './plans.ts';

/** Inlay hints: at once with what is known, and again when the trainer has looked at what is not. */
export function serveHints(context: Context, plans: Plans): void {
  const { connection, log } = context;
  let asking = new AbortController();

  connection.languages.inlayHint.on((params, token) =>
    about(context, token, params, [], async ({ project, file, signal }): Promise<InlayHint[]> => {
      const { host, unknown } = knownHost(context);
      const planOf = (document: (typeof file.documents)[number]) => plans.find(project, document);
      const hints = await findHints({ project, file, host, planOf, signal });
      if (unknown.length > 0) {
        asking.abort();
        asking = new AbortController();
        void refreshWith(unknown, asking.signal).catch(log);
      }
      const { start, end } = params.range;
      return hints
        .map(({ offset, label, tooltip }): InlayHint => {
          const position = rangeIn(file, { start: offset, end: offset }).start;
          return {
            position,
            label,
            tooltip: { kind: MarkupKind.Markdown, value: tooltip },
            paddingLeft: true,
          };
        })
        .filter(({ position: { line } }) => line >= start.line && line <= end.line);
    }),
  );

  async function refreshWith(unknown: readonly OpenQuestion[], signal: AbortSignal): Promise<void> {
    const answers = await Promise.all(unknown.map((ask) => ask(signal).catch(() => undefined)));
    const canRefresh = context.client().workspace?.inlayHint?.refreshSupport === true;
    if (!signal.aborted && canRefresh && answers.some((answer) => answer !== undefined)) {
      await connection.languages.inlayHint.refresh();
    }
  }
}

/** A host that answers with what is known, and collects what would have to be asked. */
function knownHost({ workspace }: Context): { host: LanguageHost; unknown: OpenQuestion[] } {
  const unknown: OpenQuestion[] = [];
  const { facts } = workspace;
  const host: LanguageHost = workspace.host();
  if (!facts) return { host, unknown };
  host.dataFacts = (params) => facts.data.knownOrOpen(params, unknown);
  host.sizeFacts = (params) => facts.size.knownOrOpen(params, unknown);
  return { host, unknown };
}
