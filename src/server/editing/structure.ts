import {
  FoldingRangeKind,
  SymbolKind,
  type DocumentLink,
  type DocumentSymbol,
  type FoldingRange,
  type SelectionRange,
  type WorkspaceSymbol,
} from 'vscode-languageserver/node';
import { findFolds } from '../../language/folding.ts';
import { findLinks } from '../../language/links.ts';
import { findSelections } from '../../language/selection.ts';
import { findSymbols, type OutlineSymbol } from '../../language/symbols.ts';
import type { TuneFile } from '../../language/tree.ts';
import { answer } from '../answer.ts';
import { uriOf } from '../uri.ts';
import { about, rangeIn, uriIn, type Context } from './context.ts';

/** Symbols, folding, growing selections, and links. */
export function serveStructure(context: Context): void {
  const { connection, workspace, log } = context;

  connection.onDocumentSymbol((params, token) =>
    about(context, token, params, [], ({ file }): DocumentSymbol[] =>
      findSymbols(file).map((symbol) => toSymbol(file, symbol)),
    ),
  );

  connection.onWorkspaceSymbol(({ query }, token) =>
    answer(token, log, async (): Promise<WorkspaceSymbol[]> => {
      const wanted = query.toLowerCase();
      const project = await workspace.loadEverything();
      return [...project.files.values()].flatMap((file) =>
        findSymbols(file)
          .filter(({ name }) => name.toLowerCase().includes(wanted))
          .map((symbol) => ({
            name: symbol.name,
            kind: kindOf(symbol),
            containerName: symbol.detail,
            location: { uri: uriIn(context, file.path), range: toSymbol(file, symbol).selectionRange },
          })),
      );
    }),
  );

  connection.onFoldingRanges((params, token) =>
    about(context, token, params, [], ({ file }): FoldingRange[] =>
      findFolds(file).map(({ startLine, endLine, kind }) => ({
        startLine: startLine - 1,
        endLine: endLine - 1,
        ...(kind && { kind: FoldingRangeKind.Comment }),
      })),
    ),
  );

  connection.onSelectionRanges((params, token) =>
    about(context, token, params, [], ({ document, file }): SelectionRange[] =>
      params.positions.map((position) => {
        const spans = findSelections(file, document.offsetAt(position)).reverse();
        return spans.reduce<SelectionRange>((parent, span) => ({ range: rangeIn(file, span), parent }), {
          range: rangeIn(file, { start: 0, end: file.text.length }),
        });
      }),
    ),
  );

  connection.onDocumentLinks((params, token) =>
    about(context, token, params, [], async ({ file }): Promise<DocumentLink[]> => {
      const links = await findLinks(file, workspace.host());
      return links.map(({ target, ...span }) => ({
        range: rangeIn(file, span),
        target: 'url' in target ? target.url : uriOf(target.path),
      }));
    }),
  );
}

function toSymbol(file: TuneFile, symbol: OutlineSymbol): DocumentSymbol {
  const { name, detail, children, nameStart, nameEnd } = symbol;
  return {
    name,
    detail,
    kind: kindOf(symbol),
    range: rangeIn(file, symbol),
    selectionRange: rangeIn(file, { start: nameStart, end: nameEnd }),
    children: children.map((child) => toSymbol(file, child)),
  };
}

const KINDS: Partial<Record<OutlineSymbol['type'], SymbolKind>> = {
  map: SymbolKind.Object,
  seq: SymbolKind.Array,
  scalar: SymbolKind.String,
  number: SymbolKind.Number,
  boolean: SymbolKind.Boolean,
  null: SymbolKind.Null,
};

function kindOf({ type }: OutlineSymbol): SymbolKind {
  return KINDS[type] ?? SymbolKind.Class;
}
