import { makeJsonSchema } from '../../language/documentation/json-schema.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';

/** `tunebook schema`: the JSON Schema of a config, for editors and programs that know YAML but not Tunebook. */
export async function schema({ terminal, flags }: CommandInput): Promise<ExitCode> {
  if (flags.json) terminal.printJson(makeJsonSchema());
  else terminal.print(JSON.stringify(makeJsonSchema(), undefined, 2));
  return EXIT.done;
}
