import Type from 'typebox';

/** The `extends` field of a kind. `what` is how a person calls a document of that kind, with its article. */
export function Extends(what: string) {
  return Type.Optional(
    Type.String({
      description: `${what} to take every unset field from: \`NAME\` of this file or folder, or \`FILE#NAME\`.`,
      minLength: 1,
      'x-reference': 'extends',
    }),
  );
}
