import { text as readAll } from 'node:stream/consumers';
import { isHubReference } from '../../language/hub-reference.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { CommandInput, FlagName } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { workspaceOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { resolveBase } from '../checkpoint/resolve-base.ts';
import { askedSettings } from '../generate/asked-settings.ts';
import { findModel } from '../generate/find-model.ts';
import { inspectCausalModel, loadDecoder } from '../generate/causal-model.ts';
import { generate } from '../generate/generate.ts';
import { chatTemplateOf, promptTokens } from '../generate/prompt-tokens.ts';
import { settingsFor, type GenerationSettings } from '../generate/settings.ts';
import { missingModel } from '../hub/sources.ts';
import { fetchNow, openHub } from '../launch/open-hub.ts';

/** `tunebook generate MODEL --prompt TEXT`: what a causal model makes of a prompt, as it comes. */
export async function generateCommand(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal, interruption } = input;
  const [reference = ''] = input.positionals;
  const asked = readSettings(input);
  const signal = interruption.toAbortSignal();
  const folder = await folderOf(reference, input, signal);
  const model = await inspectCausalModel(folder);
  const { tokenizer, base, contextLength } = model;
  const settings = settingsFor([folder, base], asked, tokenizer.specialTokens.eos);
  const prompt = await readPrompt(flags.prompt);
  const ids = promptTokens(model, flags.raw ? { text: prompt } : { user: prompt });
  if (ids.length === 0)
    throw new UsageError(
      'The prompt is empty: there is nothing to go on from. Give a text with --prompt.',
      'generate',
    );
  if (ids.length >= contextLength) throw tooLong(ids.length, contextLength);

  const capacity = Math.min(contextLength, ids.length + settings.max_new_tokens);
  const decoder = await loadDecoder(model, { slots: 1, capacity });
  const isChat = !flags.raw && chatTemplateOf(model) !== undefined;
  if (terminal.interactive && !flags.json && !isChat) terminal.write(terminal.style.dim(prompt));
  try {
    const started = performance.now();
    const answers = await generate([{ row: 0, ids }], {
      decoder,
      tokenizer,
      settings,
      signal,
      onText: (_, text) => (flags.json ? terminal.printJson({ type: 'text', text }) : terminal.write(text)),
    });
    if (!flags.json) terminal.print();
    const answer = answers?.[0];
    if (!answer) return EXIT.interrupted;
    const { text, finish } = answer;
    const seconds = (performance.now() - started) / 1000;
    const speed = { tokens: answer.ids.length, promptTokens: ids.length, seconds };
    if (flags.json) terminal.printJson({ type: 'generation', model: folder, prompt, text, finish, ...speed });
    else terminal.printError(terminal.errorStyle.dim(describe(speed, finish)));
    return EXIT.done;
  } finally {
    await decoder.dispose();
  }
}

/** The folder of a model; one of the Hub is brought into the cache first. */
async function folderOf(reference: string, input: CommandInput, signal: AbortSignal): Promise<string> {
  const workspace = workspaceOf(input);
  if (reference.trim() === '')
    throw new UsageError('`tunebook generate` needs MODEL, and it is empty.', 'generate');
  if (!isHubReference(reference)) return findModel(reference, workspace);
  const { hub } = openHub(input, signal);
  const pinned = await hub.pinModel(reference);
  await fetchNow(input, hub, missingModel(pinned));
  return resolveBase(pinned, process.cwd(), workspace);
}

function describe(
  { tokens, promptTokens, seconds }: { tokens: number; promptTokens: number; seconds: number },
  finish: string,
): string {
  const why =
    { eos: 'the model ended it', stop: 'the stop text came', length: 'no more may come' }[finish] ?? finish;
  return `${tokens} ${tokens === 1 ? 'token' : 'tokens'} after a prompt of ${promptTokens} in ${seconds.toFixed(2)} s (${(tokens / seconds).toFixed(1)} a second); ${why}`;
}

async function readPrompt(given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  if (process.stdin.isTTY)
    throw new UsageError(
      '`tunebook generate` needs a --prompt, or a text on its standard input.',
      'generate',
    );
  return (await readAll(process.stdin)).replace(/\r?\n$/, '');
}

function readSettings({ flags }: CommandInput): Partial<GenerationSettings> {
  const number = (name: FlagName, least: number, most: number, whole = false): number | undefined => {
    const written = flags[name];
    if (typeof written !== 'string') return undefined;
    const value = written.trim() === '' ? NaN : Number(written);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    const range = most === Infinity || most > 1e9 ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(
      `--${name} takes a ${whole ? 'whole ' : ''}number ${range}, not ${JSON.stringify(written)}.`,
      'generate',
    );
  };
  return askedSettings({
    max_new_tokens: number('max-new-tokens', 1, Number.MAX_SAFE_INTEGER, true),
    temperature: number('temperature', 0, 100),
    top_p: number('top-p', 0, 1),
    top_k: number('top-k', 0, 1e9, true),
    repetition_penalty: number('repetition-penalty', 0.01, 100),
    stop: flags.stop === undefined || flags.stop === '' ? undefined : [flags.stop],
    seed: number('seed', 0, Number.MAX_SAFE_INTEGER, true),
  });
}

function tooLong(tokens: number, contextLength: number): TunebookError {
  return new TunebookError(
    'generate/prompt-too-long',
    `The prompt has ${tokens} tokens, and the model reads ${contextLength} together with its answer.`,
    { hint: 'Shorten the prompt, or take a model with a longer context.' },
  );
}
