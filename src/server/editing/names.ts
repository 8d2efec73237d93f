import {
  DocumentHighlightKind,
  LSPErrorCodes,
  ResponseError,
  type DocumentHighlight,
  type Location,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { findName, findReferences } from '../../language/references.ts';
import { findRenameable, rename } from '../../language/rename.ts';
import { about, rangeIn, uriIn, type Context } from './context.ts';

/** References, highlights and renaming. */
export function serveNames(context: Context): void {
  const { connection } = context;

  connection.onReferences((params, token) =>
    about(
      context,
      token,
      params,
      null,
      ({ document, project, path }): Location[] | null => {
        const named = findName(project, path, document.offsetAt(params.position));
        if (!named) return null;
        return findReferences(project, named)
          .filter(({ isDefinition }) => params.context.includeDeclaration || !isDefinition)
          .map((place) => {
            const { file } = place.node.document;
            return { uri: uriIn(context, file.path), range: rangeIn(file, place) };
          });
      },
      'all',
    ),
  );

  connection.onDocumentHighlight((params, token) =>
    about(context, token, params, null, ({ document, project, path, file }): DocumentHighlight[] | null => {
      const named = findName(project, path, document.offsetAt(params.position));
      if (!named) return null;
      return findReferences(project, named)
        .filter(({ node }) => node.document.file === file)
        .map((place) => ({
          range: rangeIn(file, place),
          kind: place.isDefinition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
        }));
    }),
  );

  connection.onPrepareRename((params, token) =>
    about(context, token, params, null, ({ document, project, path, file }) => {
      const found = findRenameable(project, path, document.offsetAt(params.position));
      return found ? { range: rangeIn(file, found), placeholder: found.placeholder } : null;
    }),
  );

  connection.onRenameRequest((params, token) =>
    about(
      context,
      token,
      params,
      null,
      ({ document, project, path }): WorkspaceEdit | ResponseError | null => {
        const offset = document.offsetAt(params.position);
        const renaming = rename(project, path, offset, params.newName);
        if ('refusal' in renaming) return new ResponseError(LSPErrorCodes.RequestFailed, renaming.refusal);
        const changes: Record<string, TextEdit[]> = {};
        for (const { file, newText, ...span } of renaming.edits) {
          (changes[uriIn(context, file.path)] ??= []).push({ range: rangeIn(file, span), newText });
        }
        return { changes };
      },
      'all',
    ),
  );
}
