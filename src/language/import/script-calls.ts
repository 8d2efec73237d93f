import { explainRest } from './carry.ts';
import { COMPUTED, type Draft } from './draft.ts';
import type { PythonCall } from './read-python.ts';
import type { Setting } from './settings.ts';

/** The arguments of a training, by the class that holds them. */
export const TRAINING_CLASSES = /^(\w*TrainingArguments|SFTConfig|DPOConfig|ORPOConfig)$/;

/** The arguments of trainings that Tunebook has nothing like. */
export const OTHER_CLASSES = /^(GRPO|KTO|PPO|RLOO|Reward|CPO|BCO|PRM|OnlineDPO|NashMD|XPO|GKD)Config$/;

/** The adapters of PEFT that are no LoRA (PEFT 0.21). */
export const OTHER_ADAPTERS =
  /^(AdaLora|Adamss|AdaptionPrompt|BOFT|Beft|Bone|C3A|CPT|Cartridge|Deft|Delora|FourierFT|Frod|Glora|Gralora|HRA|Hira|IA3|LNTuning|Lily|LoHa|LoKr|Miss|MultitaskPromptTuning|OFT|OSF|Peanut|Poly|PrefixTuning|PromptEncoder|PromptTuning|Psoft|Pvera|RandLora|Road|Shadow|Shira|Supertuning|TinyLora|TrainableTokens|UniLora|VBLoRA|Vera|WaveFT|XLora)Config$/;

/** What reads the settings of a script from its command line. */
const COMMAND_LINE = /^(HfArgumentParser|TrlParser)$/;

/** The last part of what is called. */
export function lastOf(name: string): string {
  return name.split('.').at(-1) ?? name;
}

/** Whether a script takes its settings from its command line. */
export function takesCommandLine(calls: readonly PythonCall[]): boolean {
  return calls.some(({ name }) => COMMAND_LINE.test(lastOf(name)) || /^make_parser$/.test(name));
}

/** Why a script cannot be imported; `undefined` for one that can. */
export function whyNoTraining(calls: readonly PythonCall[]): string | undefined {
  const find = (pattern: RegExp) => calls.find(({ name }) => pattern.test(lastOf(name)));
  if (find(TRAINING_CLASSES)) return undefined;
  const other = find(OTHER_CLASSES);
  if (other) return `This script trains with \`${lastOf(other.name)}\`, a method that Tunebook lacks.`;
  return find(COMMAND_LINE)
    ? 'This script takes its settings from its command line. Import the YAML file that it is started with, or save the command that starts it as a `.sh` file and import that.'
    : 'This script calls no `TrainingArguments`, `SFTConfig`, `DPOConfig` or `ORPOConfig`.';
}

/** Names whatever nobody took: what is computed, and what has no counterpart. */
export function explainUnknown(draft: Draft, settings: Setting): void {
  for (const setting of settings.untaken()) {
    if (setting.value !== undefined || setting === settings) continue;
    setting.takeAll();
    draft.lose(setting, setting.path.includes('.**') ? `${COMPUTED} It may hold any setting.` : COMPUTED);
  }
  if (settings.children.length > 0) explainRest(draft, settings);
}
