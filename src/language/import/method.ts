import { asNumber } from './carry.ts';
import { isRunField, refusalOf, type Draft } from './draft.ts';
import { isOff } from './reasons.ts';
import type { Setting } from './settings.ts';

/** Where the fields of `LoraConfig` go. */
export const ADAPTER = 'method.lora';

/** What keeps the base in 4 bits. */
export const QUANTIZATION = 'method.quantization.load_in_4bit';

/** How a tool says what is trained. */
export interface ImportedMethod {
  /** `lora`, `qlora`, `full` or nothing, as the tool calls it. */
  kind: string | undefined;
  /** What says so. */
  named: Setting | undefined;
  /** The base is read in 4 bits. */
  isQuantised: boolean;
  /** The tool's settings, and the fields of PEFT's `LoraConfig` that they are. */
  fields: Readonly<Record<string, string>>;
  /** What says that every linear layer is adapted. */
  allLinear: Setting | undefined;
  /** A preference method, by the name of its loss, and what says so where anything does. */
  preference?: { loss: string; setting: Setting | undefined } | undefined;
  preferenceFields?: Readonly<Record<string, string>>;
}

/** Carries what is trained into `method:`. */
export function carryMethod(draft: Draft, from: Setting | undefined, method: ImportedMethod): void {
  const { kind, named } = method;
  const isAdapter = kind === 'lora' || kind === 'qlora';
  const isFull = kind === undefined || kind === 'full' || isOff(kind);
  if (named && !isAdapter && !isFull)
    draft.differ(named, `Tunebook has no method \`${kind}\`: every weight is trained here.`);
  if (isAdapter) {
    draft.set(ADAPTER, {});
    if (named) draft.carried(ADAPTER, named);
    carryAdapter(draft, from, method);
    if (method.isQuantised) draft.set(QUANTIZATION, true);
  } else {
    draft.set('method.full', {});
    if (named && isFull) draft.carried('method.full', named);
    for (const setting of [...Object.keys(method.fields).map((name) => from?.take(name)), method.allLinear])
      if (setting) draft.same(setting, 'No layer is adapted there, so it says nothing.');
  }
  if (method.preference) carryPreference(draft, from, method, method.preference);
}

function carryAdapter(draft: Draft, from: Setting | undefined, method: ImportedMethod): void {
  for (const [name, field] of Object.entries(method.fields)) {
    const setting = from?.take(name);
    if (!setting) continue;
    if (field === 'use_dora' && setting.value === true && method.isQuantised)
      draft.differ(setting, '`use_dora` needs the weights in full, and here they are kept in 4 bits.');
    else draft.carry(`${ADAPTER}.${field}`, setting, listOf(field, asNumber(setting.value)));
  }
  if (method.allLinear && !draft.has(`${ADAPTER}.target_modules`))
    draft.carry(`${ADAPTER}.target_modules`, method.allLinear, 'all-linear');
  else if (method.allLinear) draft.same(method.allLinear, 'Layers are named one by one as well, and count.');
}

/** One name stands for a list of one, and commas separate names. */
function listOf(field: string, value: unknown): unknown {
  if (!/modules/.test(field) || typeof value !== 'string' || value === 'all-linear') return value;
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The section of `method:` that learns with a loss from pairs of answers; `undefined` where there is none. */
export function preferenceSection(loss: string): string | undefined {
  const isOrpo = loss === 'orpo';
  const section = isOrpo ? 'method.orpo' : 'method.dpo';
  const isKnown = isOrpo ? isRunField(section) : refusalOf('method.dpo', { loss_type: loss }) === undefined;
  return isKnown ? section : undefined;
}

/** A preference method has a section of its own in `method:`, named as TRL's trainer. */
function carryPreference(
  draft: Draft,
  from: Setting | undefined,
  { preferenceFields = {} }: ImportedMethod,
  { loss, setting }: { loss: string; setting: Setting | undefined },
): void {
  const section = preferenceSection(loss);
  if (section === undefined) {
    const why = `Tunebook has no method \`${loss}\`: what follows learns from texts, not from preferences.`;
    if (setting) draft.differ(setting, why);
    return;
  }
  draft.set(section, {});
  if (setting && section === 'method.dpo' && loss !== 'sigmoid')
    draft.carry(`${section}.loss_type`, setting, loss);
  else if (setting) draft.carried(section, setting);
  for (const [name, field] of Object.entries(preferenceFields)) {
    const each = from?.take(name);
    if (each) draft.carry(`${section}.${field}`, each, asNumber(each.value));
  }
}
