import type { ServerCapabilities } from 'vscode-languageserver/node';
import type { Context } from './context.ts';
import { serveFormatting } from './format.ts';
import { serveHints } from './hints.ts';
import { serveNames } from './names.ts';
import type { Plans } from './plans.ts';
import { servePrompts } from './prompts.ts';
import { serveResolved } from './resolved.ts';
import { serveStructure } from './structure.ts';
import { LEGEND, serveTokens } from './tokens.ts';

/** What {@link serveEditing} answers. */
export const EDITING_CAPABILITIES: ServerCapabilities = {
  documentFormattingProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  documentLinkProvider: {},
  inlayHintProvider: true,
  semanticTokensProvider: { legend: LEGEND, full: true },
};

/** Answers the requests that help with writing and finding one's way, beyond completion, hover and fixes. */
export function serveEditing(context: Context, plans: Plans): void {
  serveFormatting(context);
  serveNames(context);
  serveStructure(context);
  serveTokens(context);
  serveHints(context, plans);
  serveResolved(context, plans);
  servePrompts(context);
}
