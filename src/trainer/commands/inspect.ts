import { datasetOutput } from '../../language/notebook/output/dataset-output.ts';
import { objectiveOutput } from '../../language/notebook/output/objective-output.ts';
import { promptOutput } from '../../language/notebook/output/prompt-output.ts';
import { resolveDataset, resolveObjective } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { tellDataset } from '../notebook/tell-dataset.ts';
import { tellObjective } from '../notebook/tell-objective.ts';
import { tellPrompt } from '../notebook/tell-prompt.ts';
import { serveInspect } from '../inspect.ts';
import { openChecked, type CheckedConfig } from '../launch/open-checked.ts';

/**
 * `tunebook inspect FILE [NAME]`: says what a data set holds, what a prompt asks, or whether an objective is met.
 * `tunebook inspect --stdio`: answers questions about data and models until
 * the other end hangs up.
 */
export async function inspect(input: CommandInput): Promise<ExitCode> {
  const { flags, positionals, terminal, interruption } = input;
  if (flags.stdio) {
    await serveInspect(process.stdin, process.stdout);
    return EXIT.done;
  }
  if (positionals.length === 0)
    throw new UsageError('`tunebook inspect` needs FILE, or --stdio to talk to an editor.', 'inspect');
  const signal = interruption.toAbortSignal();
  const config = await openChecked(input, ['dataset', 'prompt', 'objective'], signal);
  if (!config) return EXIT.wrongInput;
  const { description, markdown, code } = await describe(config, signal);
  if (flags.json) terminal.printJson(description);
  else terminal.print(markdown);
  return code;
}

async function describe(
  config: CheckedConfig,
  signal: AbortSignal,
): Promise<{ description: unknown; markdown: string; code: ExitCode }> {
  const { project, document, workspace } = config;
  if (document.kind === 'prompt') {
    const description = await tellPrompt(config, signal);
    return { description, markdown: promptOutput(description), code: EXIT.done };
  }
  if (document.kind === 'objective') {
    const description = tellObjective(resolveObjective(project, document), workspace);
    const code = description.verdict.met ? EXIT.done : EXIT.objectiveNotMet;
    return { description, markdown: objectiveOutput(description), code };
  }
  const description = await tellDataset(resolveDataset(project, document), signal);
  return { description, markdown: datasetOutput(description), code: EXIT.done };
}
