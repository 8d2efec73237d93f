import type { GenerationSettings as AskedSettings, ResolvedPrompt } from '../../../language/resolved.ts';
import type { CandidateSource } from '../../../protocol/evaluation.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { inspectCausalModel, type CausalModel } from '../../generate/causal-model.ts';
import { GENERATION_DEFAULTS, settingsFor, type GenerationSettings } from '../../generate/settings.ts';
import { forCandidate, locateModel, type Candidate, type CandidateContext } from '../candidate.ts';
import type { ClassifierCandidate } from '../classifier-evaluation.ts';
import type { ItemKind } from './items.ts';
import { createPromptWriter, EXAMPLE_END, type PromptWriter } from './prompt-writer.ts';

/** A causal model of this machine that writes answers; its weights are not read yet. */
export interface LocalCandidate {
  readonly kind: 'local';
  readonly name: string;
  readonly source: CandidateSource;
  readonly model: CausalModel;
  readonly settings: GenerationSettings;
  /** What it is asked; the rows as they are when absent. */
  readonly writer: PromptWriter | undefined;
  readonly warnings: Candidate['warnings'];
}

/**
 * Finds what a candidate stands for and checks that it can answer.
 * @throws TunebookError `evaluate/needs-prompt` for labels without a prompt, those of the model, the prompt and its examples; the
 *   message names the candidate
 */
export async function inspectLocal(
  name: string,
  candidate: ClassifierCandidate & { prompt?: ResolvedPrompt; generation?: AskedSettings },
  context: CandidateContext & { readonly itemKind: ItemKind; readonly signal: AbortSignal },
): Promise<LocalCandidate> {
  return await forCandidate(name, context, async () => {
    const { source, warnings } = locateModel(name, candidate, context);
    const model = await inspectCausalModel(source.folder);
    const { prompt, generation } = candidate;
    if (!prompt && context.itemKind === 'label') throw needsPrompt(context.file);
    const writer = prompt && (await createPromptWriter(prompt, context.signal));
    const asked = { ...GENERATION_DEFAULTS, ...generation, ...defaultStops(prompt, generation) };
    const settings = settingsFor([model.folder, model.base], asked, model.tokenizer.specialTokens.eos);
    return { kind: 'local', name, source, model, settings, writer, warnings };
  });
}

/** A text with examples goes on with further examples: where nothing else is said it ends with the first. */
export function defaultStops(
  prompt: ResolvedPrompt | undefined,
  generation: AskedSettings | undefined,
): { stop_strings?: readonly string[] } {
  const isContinued = prompt?.template !== undefined && prompt.examples !== undefined;
  return isContinued && generation?.stop_strings === undefined ? { stop_strings: [EXAMPLE_END] } : {};
}

function needsPrompt(file: string): TunebookError {
  return new TunebookError(
    'evaluate/needs-prompt',
    'It writes text, and the rows ask for a label, so it has to be told what to do.',
    {
      hint: 'Give the candidate a `prompt:` that asks for the label; or evaluate a model that was trained to classify.',
      location: { file },
    },
  );
}
