import { SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver/node';
import { findTokens, TOKEN_MODIFIERS, TOKEN_TYPES } from '../../language/tokens.ts';
import { about, rangeIn, type Context } from './context.ts';

export const LEGEND: SemanticTokensLegend = {
  tokenTypes: [...TOKEN_TYPES],
  tokenModifiers: [...TOKEN_MODIFIERS],
};

export function serveTokens(context: Context): void {
  context.connection.languages.semanticTokens.on((params, token) =>
    about(context, token, params, { data: [] }, ({ project, file }) => {
      const builder = new SemanticTokensBuilder();
      for (const { start, end, type, isDeclaration } of findTokens(project, file)) {
        const { line, character } = rangeIn(file, { start, end }).start;
        builder.push(line, character, end - start, TOKEN_TYPES.indexOf(type), isDeclaration ? 1 : 0);
      }
      return builder.build();
    }),
  );
}
