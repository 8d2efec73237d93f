import type { LoraConfig, Method, ResolvedRun } from '../../language/resolved.ts';
import { fillDefaults } from '../../language/resolve-value.ts';
import { LoraSchema } from '../../language/schema/lora.ts';
import { formatBytes } from '../../protocol/format.ts';
import { totalNeeded, type MemoryNeeds } from './memory-needs.ts';

/** What a run would need with other settings; undefined where they do not suit it. */
export type NeedsOf = (changed: ResolvedRun) => MemoryNeeds | undefined;

export interface Search {
  readonly needsOf: NeedsOf;
  /** Whether a run that needs so much has room. */
  readonly fits: (needs: MemoryNeeds) => boolean;
  /** Weights in 4 bits are computed on `cpu` alone. */
  readonly device: string;
  /** Whether the data are known, so that a smaller batch can be counted. */
  readonly knowsBatch: boolean;
}

/** A run with other settings, and how a config has them. */
interface Proposal {
  readonly run: ResolvedRun;
  readonly settings: readonly string[];
  readonly remark?: string;
}

/** No batch is made of shorter rows than this to save memory. */
const SHORTEST = 32;

/**
 * Settings with which a run would have room, as sentences: what it would need with each is counted as for the run itself. Smaller
 * batches come first; other ways to train the model, all that would do, where no batch is small enough.
 */
export function settingsThatFit(run: ResolvedRun, search: Search): string {
  const asIs = { run, settings: [] };
  const batch = search.knowsBatch ? firstThatFits(smallerBatches(asIs), search) : undefined;
  if (batch !== undefined) return `Set ${batch}.`;
  const others = modelProposals(run, search).flatMap((each) => {
    const ways = search.knowsBatch ? [each, ...smallerBatches(each)] : [each];
    return firstThatFits(ways, search) ?? [];
  });
  if (others.length > 0) return `Set ${others.join(', or ')}.`;
  return run.model.base === 'scratch'
    ? 'Give the architecture smaller sizes: those of the layers and of the vocabulary decide most.'
    : 'Take a smaller model: no other way to train this one has room either.';
}

function firstThatFits(proposals: readonly Proposal[], { needsOf, fits }: Search): string | undefined {
  for (const { run, settings, remark } of proposals) {
    const needs = needsOf(run);
    // With a state that has no room no batch is small enough.
    if (!needs || !fits({ state: needs.state })) return undefined;
    if (!fits(needs)) continue;
    const more = remark === undefined ? '' : `, ${remark}`;
    return `${settings.join(' and ')} (needs at least ${formatBytes(totalNeeded(needs))}${more})`;
  }
  return undefined;
}

/** The same run in less memory for its batches: first without other numbers, then with shorter rows. */
function smallerBatches({ run, settings }: Proposal): Proposal[] {
  const { per_device_train_batch_size: size, gradient_accumulation_steps: steps } = run.train;
  const train = { ...run.train, gradient_checkpointing: true };
  const remark = 'and the numbers stay the same';
  const again = run.train.gradient_checkpointing ? [] : ['gradient_checkpointing: true'];
  const proposals: Proposal[] =
    again.length > 0 ? [{ run: { ...run, train }, settings: [...settings, trainOf(again)], remark }] : [];
  let last = { run: { ...run, train }, fields: again };
  for (let each = size; each > 1;) {
    each = each % 2 === 0 ? each / 2 : 1;
    const accumulated = (steps * size) / each;
    const fields = [
      ...again,
      `per_device_train_batch_size: ${each}`,
      `gradient_accumulation_steps: ${accumulated}`,
    ];
    const changed = { ...train, per_device_train_batch_size: each, gradient_accumulation_steps: accumulated };
    last = { run: { ...run, train: changed }, fields };
    proposals.push({ run: last.run, settings: [...settings, trainOf(fields)], remark });
  }
  for (let length = run.data.max_length >> 1; length >= SHORTEST; length >>= 1) {
    const data = { ...run.data, max_length: length };
    const shorter = [
      `data: { max_length: ${length} }`,
      ...(last.fields.length > 0 ? [trainOf(last.fields)] : []),
    ];
    proposals.push({ run: { ...last.run, data }, settings: [...settings, ...shorter] });
  }
  return proposals;
}

function trainOf(fields: readonly string[]): string {
  return `train: { ${fields.join(', ')} }`;
}

/** Other ways to train a model, that which changes least first. */
function modelProposals(run: ResolvedRun, search: Search): Proposal[] {
  const { dpo, orpo } = run.method;
  const pairs = { ...(dpo && { dpo }), ...(orpo && { orpo }) };
  const proposals: Proposal[] = [];
  const propose = (settings: string, change: Partial<ResolvedRun>) =>
    proposals.push({ run: { ...run, ...change }, settings: [settings] });
  if (!('lora' in run.method) && run.train.optim !== 'adafactor')
    propose('train: { optim: adafactor }', { train: { ...run.train, optim: 'adafactor' } });
  if (run.model.base === 'scratch') {
    const fewer = fewerLayers(run, search);
    return fewer ? [...proposals, fewer] : proposals;
  }
  // SAFETY: with its defaults filled in it is whole.
  const small = fillDefaults({ r: 8 }, LoraSchema) as LoraConfig;
  const lora = 'lora' in run.method ? run.method.lora : small;
  if (!('lora' in run.method)) propose('method: { lora: { r: 8 } }', { method: { lora, ...pairs } });
  if (search.device !== 'cpu' || run.method.quantization) return proposals;
  const inFour: Method = { lora, quantization: { bnb_4bit_quant_type: 'nf4' }, ...pairs };
  const written = 'lora' in run.method ? '' : 'lora: { r: 8 }, ';
  propose(`method: { ${written}quantization: { load_in_4bit: true } }`, { method: inFour });
  return proposals;
}

/** A model from scratch with as many layers as there is room for. */
function fewerLayers(run: ResolvedRun, { needsOf, fits }: Search): Proposal | undefined {
  const { architecture = {} } = run.model;
  const field = ['num_hidden_layers', 'n_layer'].find((name) => name in architecture);
  const most = Number(field === undefined ? 0 : architecture[field]);
  if (field === undefined) return undefined;
  const withLayers = (count: number): ResolvedRun => ({
    ...run,
    model: { ...run.model, architecture: { ...architecture, [field]: count } },
  });
  const hasRoom = (count: number) => {
    const needs = needsOf(withLayers(count));
    return needs !== undefined && fits({ state: needs.state });
  };
  let [enough, tooMany] = [0, most];
  while (tooMany - enough > 1) {
    const middle = (enough + tooMany) >> 1;
    if (hasRoom(middle)) enough = middle;
    else tooMany = middle;
  }
  return enough === 0
    ? undefined
    : { run: withLayers(enough), settings: [`model: { architecture: { ${field}: ${enough} } }`] };
}
