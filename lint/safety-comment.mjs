/**
 * A type assertion tells the compiler to stop checking, so each one carries a line that says why it is true:
 * a `// SAFETY:` comment on the line above the statement, or at the end of its line. `as const` is no assertion.
 */
const rule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { missing: 'A type assertion needs a `// SAFETY:` comment that says why it holds.' },
  },
  create(context) {
    const source = context.sourceCode;
    const safetyLines = new Set();
    for (const comment of source.getAllComments()) {
      if (comment.value.trimStart().startsWith('SAFETY:')) {
        for (let line = comment.loc.start.line; line <= comment.loc.end.line; line++) safetyLines.add(line);
      }
    }
    // A comment of several `//` lines counts from its first line to its last.
    const comments = source.getAllComments();
    for (const comment of comments) {
      if (comment.type === 'Line' && safetyLines.has(comment.loc.start.line - 1))
        safetyLines.add(comment.loc.start.line);
    }
    function isConst(node) {
      return node.typeAnnotation.type === 'TSTypeReference' && node.typeAnnotation.typeName.name === 'const';
    }
    function check(node) {
      if (isConst(node)) return;
      let statement = node;
      while (
        statement.parent &&
        !/Statement|Declaration|PropertyDefinition|^Property$|SwitchCase/.test(statement.type)
      ) {
        if (safetyLines.has(statement.loc.start.line - 1) || safetyLines.has(statement.loc.start.line))
          return;
        statement = statement.parent;
      }
      if (safetyLines.has(statement.loc.start.line - 1) || safetyLines.has(statement.loc.start.line)) return;
      if (safetyLines.has(node.loc.end.line)) return;
      context.report({ node, messageId: 'missing' });
    }
    return { TSAsExpression: check, TSTypeAssertion: check };
  },
};

export default rule;
