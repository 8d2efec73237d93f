import type { CancellationToken } from 'vscode-languageserver/node';
import { resolvedText } from '../../language/resolved-view.ts';
import {
  PLANNED_NOTIFICATION,
  RESOLVED_REQUEST,
  type PlannedParams,
  type ResolvedParams,
  type ResolvedResult,
} from '../../protocol/language-server.ts';
import { about, type Context } from './context.ts';
import type { Plans } from './plans.ts';

/** The resolved view, and what plans have found out. */
export function serveResolved(context: Context, plans: Plans): void {
  const { connection, documents, workspace, log } = context;

  connection.onRequest(RESOLVED_REQUEST, ({ uri }: ResolvedParams, token: CancellationToken) =>
    about(context, token, { textDocument: { uri } }, {}, ({ project, file }): ResolvedResult => ({
      text: resolvedText(project, file),
    })),
  );

  connection.onNotification(PLANNED_NOTIFICATION, ({ uri, name, plan }: PlannedParams) => {
    const document = documents.get(uri);
    if (!document) return;
    const note = async () => {
      const project = await workspace.load(document);
      const file = [...project.files.values()].find(({ path }) => workspace.document(path) === document);
      const planned = file?.documents.find((each) => each.kind === 'run' && each.name === name);
      if (!planned) return;
      plans.add(project, planned, plan);
      if (context.client().workspace?.inlayHint?.refreshSupport)
        await connection.languages.inlayHint.refresh();
    };
    note().catch(log);
  });
}
