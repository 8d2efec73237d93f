import { formatFile } from '../../language/format.ts';
import { about, editsIn, type Context } from './context.ts';

export function serveFormatting(context: Context): void {
  context.connection.onDocumentFormatting((params, token) =>
    about(context, token, params, [], async ({ file }) =>
      editsIn(file, await formatFile(file, { tabSize: params.options.tabSize })),
    ),
  );
}
