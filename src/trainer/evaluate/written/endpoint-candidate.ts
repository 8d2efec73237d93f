import type {
  GenerationSettings as AskedSettings,
  ResolvedEndpoint,
  ResolvedPrompt,
} from '../../../language/resolved.ts';
import type { CandidateSource } from '../../../protocol/evaluation.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { GENERATION_DEFAULTS, type GenerationSettings } from '../../generate/settings.ts';
import type { Candidate, CandidateContext } from '../candidate.ts';
import { defaultStops } from './local-candidate.ts';
import { keyOf } from './endpoint-key.ts';
import { createPromptWriter, type PromptWriter } from './prompt-writer.ts';

/** A model behind an HTTP API. */
export interface EndpointCandidate {
  readonly kind: 'endpoint';
  readonly name: string;
  readonly endpoint: ResolvedEndpoint;
  readonly key: string | undefined;
  readonly source: CandidateSource;
  readonly settings: GenerationSettings;
  readonly writer: PromptWriter;
  readonly warnings: Candidate['warnings'];
}

/**
 * Gathers what is needed to ask an endpoint. Nothing is sent yet.
 * @param needsPrices whether its cost is measured
 * @throws TunebookError those of {@link keyOf}, `endpoint/bad-address`, `evaluate/needs-prompt`, `evaluate/no-price`, and those of the prompt
 */
export async function inspectEndpoint(
  name: string,
  {
    endpoint,
    prompt,
    generation,
  }: { endpoint: ResolvedEndpoint; prompt?: ResolvedPrompt; generation?: AskedSettings },
  {
    file,
    signal,
    needsPrices,
    writer,
  }: CandidateContext & {
    readonly signal: AbortSignal;
    readonly needsPrices: boolean;
    /** What is asked where the rows say it themselves. */
    readonly writer?: PromptWriter;
  },
): Promise<EndpointCandidate> {
  const problem = (code: string, message: string, hint: string) =>
    new TunebookError(code, `Candidate "${name}": ${message}`, { hint, location: { file } });
  const { base_url, model, input_price, output_price } = endpoint;
  if (!/^https?:\/\//.test(base_url) || !URL.canParse(base_url))
    throw problem(
      'endpoint/bad-address',
      `"${base_url}" is no address of an API.`,
      'Write it with http:// or https://, up to the version: http://localhost:8080/v1.',
    );
  const asks = writer ?? (prompt && (await createPromptWriter(prompt, signal)));
  if (!asks)
    throw problem(
      'evaluate/needs-prompt',
      'It is asked over the network, and nothing says what.',
      'Give it a `prompt:`.',
    );
  if (needsPrices && input_price === undefined && output_price === undefined)
    throw problem(
      'evaluate/no-price',
      'Its cost is to be measured, and it has no prices.',
      'Give `input_price` and `output_price`, per million tokens, or leave out the metric `cost`.',
    );
  const key = keyOf(`Candidate "${name}"`, endpoint, file);
  const settings = {
    ...GENERATION_DEFAULTS,
    ...generation,
    ...defaultStops(prompt, generation),
    eos_token_id: [],
  };
  return {
    kind: 'endpoint',
    name,
    endpoint,
    key,
    source: { folder: base_url, endpoint: model },
    settings,
    writer: asks,
    warnings: unsentSettings(settings).map((field) => ({
      code: 'endpoint/not-sent',
      message: `"${name}" is asked without \`${field}\`: OpenAI's protocol does not have it.`,
    })),
  };
}

/** Settings that would change an answer, and that OpenAI's protocol has no field for. */
export function unsentSettings({ do_sample, top_k, repetition_penalty }: GenerationSettings): string[] {
  return [
    ...(do_sample && top_k !== GENERATION_DEFAULTS.top_k ? ['top_k'] : []),
    ...(repetition_penalty !== 1 ? ['repetition_penalty'] : []),
  ];
}
