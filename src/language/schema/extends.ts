import Type from 'typebox';
import { NAME_PATTERN } from './field.ts';

/** The `extends` field of a kind. `what` is how a person calls a document of that kind, with its article. */
export function Extends(what: string) {
  return Type.Optional(
    Type.String({
      description: `${what} to take every unset field from: \`NAME\` of this file or folder, or \`FILE#NAME\`. No \`\${…}\` is replaced in it.`,
      minLength: 1,
      'x-reference': 'extends',
    }),
  );
}

/** The `vars` field of every kind. */
export function Vars() {
  return Type.Optional(
    Type.Record(
      Type.String({ pattern: NAME_PATTERN }),
      Type.Union(
        [
          Type.Number(),
          Type.String(),
          Type.Boolean(),
          Type.Array(Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
        ],
        {
          description:
            'What `${vars.NAME}` stands for in this document and in those that extend it: a text, a number, `true` or `false`, or a list of them.',
          'x-usual-name': 'name',
        },
      ),
      {
        description:
          'Values to use in several places of this document as `${vars.NAME}`; whoever extends it can set others. `${env.NAME}` stands for an environment variable (its value is written into no run) and `${workspace}` for the workspace folder; `$${` is a `${` as it stands. In braces and brackets quote it: `{ seed: "${vars.seed}" }`.',
        'x-counterpart': 'OmegaConf: variable interpolation',
      },
    ),
  );
}
