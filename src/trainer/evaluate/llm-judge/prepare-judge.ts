import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import type { MeasuredCandidate } from '../../../protocol/evaluation-candidates.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { chatTemplateOf, type Prompt } from '../../generate/prompt-tokens.ts';
import { AS_IT_STANDS } from '../benchmark/apply.ts';
import { pin } from '../prepare-evaluation.ts';
import { inspectEndpoint, type EndpointCandidate } from '../written/endpoint-candidate.ts';
import { inspectLocal, type LocalCandidate } from '../written/local-candidate.ts';
import { SlotTemplate } from '../written/slots.ts';
import { JUDGE_SLOTS, JUDGE_TEMPLATE } from './questions.ts';
import { criteriaOf, RUBRIC_SLOTS, RUBRIC_TEMPLATE, type Rubric } from './rubric.ts';

/** The model that judges answers, and how it is asked; nothing is computed or sent yet. */
export interface PreparedJudge {
  readonly candidate: EndpointCandidate | LocalCandidate;
  readonly template: SlotTemplate;
  readonly criteria: string;
  /** How a text is put to it: as a message of a user, where it was trained to chat. */
  readonly ask: (text: string) => Prompt;
  /** In a few words. */
  readonly about: string;
  /** What it scores answers by, where it does. */
  readonly rubric?: Rubric;
}

/** How the judge is called where a candidate would have its name. */
export const JUDGE = 'judge';

/**
 * Finds the judge of an evaluation and reads how it is asked.
 * @param same the one that an earlier life of the evaluation asked
 * @throws TunebookError `evaluate/bad-prompt` for a template with other slots or without the answers, those of the model or the endpoint
 */
export async function prepareJudge(
  { judge, file }: ResolvedEvaluate,
  same: MeasuredCandidate | undefined,
  { workspace, signal }: { readonly workspace: string; readonly signal: AbortSignal },
): Promise<PreparedJudge | undefined> {
  if (!judge) return undefined;
  const template = readTemplate(judge.template ?? JUDGE_TEMPLATE, file, PAIRS);
  const { criteria } = judge;
  const rubric = judge.rubric && {
    template: readTemplate(judge.rubric_template ?? RUBRIC_TEMPLATE, file, SCORES),
    criteria: criteriaOf(judge.rubric),
  };
  const asked = { template, criteria, ...(rubric ? { rubric } : {}) };
  if ('endpoint' in judge) {
    const { endpoint } = judge;
    const context = { workspace, file, signal, needsPrices: false, writer: AS_IT_STANDS };
    const candidate = await inspectEndpoint(JUDGE, judge, context);
    const ask = (text: string) => ({ user: text });
    return { ...asked, candidate, ask, about: `${endpoint.model} at ${endpoint.base_url}` };
  }
  const { model } = judge;
  const pinned = same ? pin({ model }, same) : { model };
  const candidate = await inspectLocal(JUDGE, pinned, { workspace, file, signal, itemKind: 'choice' });
  const chats = chatTemplateOf(candidate.model) !== undefined;
  const ask = (text: string) => (chats ? { user: text } : { text });
  return { ...asked, candidate, ask, about: model };
}

/** A template of a judge: the field that it stands in, what it may name, and what it must show. */
interface TemplateKind {
  readonly field: string;
  readonly slots: readonly string[];
  readonly needed: readonly string[];
}

const PAIRS: TemplateKind = { field: 'template', slots: JUDGE_SLOTS, needed: ['answer_a', 'answer_b'] };
const SCORES: TemplateKind = { field: 'rubric_template', slots: RUBRIC_SLOTS, needed: ['answer'] };

function readTemplate(text: string, file: string, { field, slots, needed }: TemplateKind): SlotTemplate {
  const template = new SlotTemplate(text, { prompt: JUDGE, file });
  const strange = template.slots.find((slot) => !slots.includes(slot));
  const lacking = needed.find((slot) => !template.slots.includes(slot));
  if (strange === undefined && lacking === undefined) return template;
  throw new TunebookError(
    'evaluate/bad-prompt',
    strange === undefined
      ? `The \`${field}\` of the judge does not show it {{ ${lacking} }}.`
      : `The \`${field}\` of the judge has a slot {{ ${strange} }}, which nothing fills.`,
    { hint: `Its slots are ${slots.map((slot) => `{{ ${slot} }}`).join(', ')}.`, location: { file } },
  );
}
