import type { LoraConfig, Method, ResolvedRun } from '../../language/resolved.ts';
import { fillDefaults } from '../../language/resolve-value.ts';
import { LoraSchema } from '../../language/schema/lora.ts';
import { formatBytes } from '../../protocol/format.ts';
import type { Counting } from './demand.ts';
import { totalNeeded, type MemoryNeeds } from './memory-needs.ts';

export interface Search extends Counting {
  /** Whether a run that needs so much has room. */
  readonly fits: (needs: MemoryNeeds) => boolean;
  /** Weights in 4 bits are computed on `cpu` alone. */
  readonly device: string;
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
 * Settings with which a run would have room, as an imperative without its verb: what it would need with each is counted as for the
 * run itself. Smaller batches come first; other ways to train the model, all that would do, where no batch is small enough.
 * @returns undefined where none has
 */
export function settingsThatFit(run: ResolvedRun, search: Search): string | undefined {
  const packed = search.packsAsSample ? ', packed as the first texts are' : '';
  const assumed = search.assumesFullRows ? ` Rows as long as max_length are counted${packed}.` : '';
  const batch = firstThatFits(smallerBatches({ run, settings: [] }), search);
  if (batch !== undefined) return `${batch}.${assumed}`;
  const others = modelProposals(run, search).flatMap(
    (each) => firstThatFits([each, ...smallerBatches(each)], search) ?? [],
  );
  return others.length > 0 ? `${others.join(', or ')}.${assumed}` : undefined;
}

/** What to do where no setting has room: with the way to train the model that needs least, and what it needs. */
export function nothingFits(run: ResolvedRun, search: Search): string {
  const advice =
    run.model.base === 'scratch'
      ? 'Give the architecture smaller sizes, of which those of the layers and of the vocabulary decide most, or take a machine with more memory.'
      : 'Take a smaller model, or a machine with more memory.';
  // Of a GPU nobody knows how much is missing.
  if (search.device !== 'cpu') return advice;
  const ways = [{ run, settings: [] }, ...modelProposals(run, search)].flatMap((each) => {
    const state = search.stateOf(each.run);
    return state ? [{ ...each, bytes: totalNeeded({ state }), state }] : [];
  });
  const [least] = ways.sort((a, b) => a.bytes - b.bytes);
  if (!least) return advice;
  const smallest = search.fits({ state: least.state }) ? smallerBatches(least).at(-1) : undefined;
  const needs = smallest && search.needsOf(smallest.run);
  const settings = (needs ? smallest : least).settings.join(' and ');
  const bytes = formatBytes(needs ? totalNeeded(needs) : least.bytes);
  const what = needs ? 'it' : 'the model and what is trained of it';
  return settings === ''
    ? `${advice} No other setting makes it small enough.`
    : `${advice} With ${settings} ${what} would still need at least ${bytes}.`;
}

function firstThatFits(
  proposals: readonly Proposal[],
  { stateOf, needsOf, fits }: Search,
): string | undefined {
  for (const { run, settings, remark } of proposals) {
    const state = stateOf(run);
    // With a state that has no room no batch is small enough.
    if (!state || !fits({ state })) return undefined;
    const needs = needsOf(run);
    if (!needs || !fits(needs)) continue;
    const more = remark === undefined ? '' : `, ${remark}`;
    return `${settings.join(' and ')} (needs at least ${formatBytes(totalNeeded(needs))}${more})`;
  }
  return undefined;
}

/** The same run in less memory for its batches: first without other numbers, then with shorter rows. */
function smallerBatches({ run, settings }: Proposal): Proposal[] {
  const { per_device_train_batch_size: size, gradient_accumulation_steps: steps } = run.train;
  const train = { ...run.train, gradient_checkpointing: true };
  // Another way to train the model has other numbers whatever its batches.
  const remark = settings.length === 0 ? { remark: 'and the numbers stay the same' } : {};
  const again = run.train.gradient_checkpointing ? [] : ['gradient_checkpointing: true'];
  const proposals: Proposal[] =
    again.length > 0 ? [{ run: { ...run, train }, settings: [...settings, trainOf(again)], ...remark }] : [];
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
    proposals.push({ run: last.run, settings: [...settings, trainOf(fields)], ...remark });
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
  else if (lora.r > small.r)
    propose('method: { lora: { r: 8 } }', { method: { ...run.method, lora: { ...lora, r: small.r } } });
  if (search.device !== 'cpu' || run.method.quantization) return proposals;
  const inFour: Method = { lora, quantization: { bnb_4bit_quant_type: 'nf4' }, ...pairs };
  const written = 'lora' in run.method ? '' : 'lora: { r: 8 }, ';
  propose(`method: { ${written}quantization: { load_in_4bit: true } }`, { method: inFour });
  return proposals;
}

/** A model from scratch with as many layers as there is room for: with its own batches, or where these are too large with the smallest. */
function fewerLayers(run: ResolvedRun, { stateOf, needsOf, fits }: Search): Proposal | undefined {
  const { architecture = {} } = run.model;
  const field = ['num_hidden_layers', 'n_layer', 'n_layers'].find((name) => name in architecture);
  if (field === undefined) return undefined;
  const layersOf = (its: ResolvedRun, count: number): ResolvedRun => ({
    ...its,
    model: { ...its.model, architecture: { ...architecture, [field]: count } },
  });
  const most = (its: ResolvedRun): number => {
    let [enough, tooMany] = [0, Number(architecture[field])];
    while (tooMany - enough > 1) {
      const middle = (enough + tooMany) >> 1;
      const changed = layersOf(its, middle);
      const state = stateOf(changed);
      const needs = state && fits({ state }) ? needsOf(changed) : undefined;
      if (needs && fits(needs)) enough = middle;
      else tooMany = middle;
    }
    return enough;
  };
  const smallest = smallerBatches({ run, settings: [] }).at(-1)?.run ?? run;
  const count = most(run) || most(smallest);
  return count === 0
    ? undefined
    : { run: layersOf(run, count), settings: [`model: { architecture: { ${field}: ${count} } }`] };
}
