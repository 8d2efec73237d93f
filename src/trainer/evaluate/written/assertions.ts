import { readFileSync } from 'node:fs';
import { Compile } from 'typebox/schema';
import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { isObject } from '../../data/tokenizer/json.ts';

/** Whether an answer has what it should. */
export type Assertion = (output: string) => boolean;

/**
 * Makes the assertions of an evaluation, by name.
 * @param file the config file, for messages
 * @throws TunebookError `evaluate/bad-assertion` for what is no regular expression or no JSON Schema
 */
export function makeAssertions(
  assertions: ResolvedEvaluate['assertions'],
  file: string,
): Map<string, Assertion> {
  return new Map(
    Object.entries(assertions ?? {}).map(([name, assertion]) => {
      try {
        return [name, makeAssertion(assertion)];
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new TunebookError(
          'evaluate/bad-assertion',
          `The assertion "${name}" cannot be used: ${reason}`,
          {
            cause,
            hint: 'Correct its regular expression, or the JSON Schema file that it names.',
            location: { file },
          },
        );
      }
    }),
  );
}

function makeAssertion(assertion: NonNullable<ResolvedEvaluate['assertions']>[string]): Assertion {
  if ('contains' in assertion) return (output) => output.includes(assertion.contains);
  if ('regex' in assertion) {
    const expression = new RegExp(assertion.regex, 'u');
    return (output) => expression.test(output);
  }
  const schema: unknown = JSON.parse(readFileSync(assertion.json_schema, 'utf8'));
  if (!isObject(schema)) throw new Error(`${assertion.json_schema} holds no JSON Schema`);
  const validator = Compile(schema);
  return (output) => {
    try {
      return validator.Check(JSON.parse(output));
    } catch {
      return false;
    }
  };
}
