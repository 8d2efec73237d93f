import type { Setting } from './settings.ts';

/** The tools whose configs can be imported, as people write their names. */
export const TOOLS = {
  axolotl: 'Axolotl',
  'llama-factory': 'LLaMA-Factory',
  torchtune: 'torchtune',
  trl: 'TRL',
  script: 'a Hugging Face script',
} as const;

export type Tool = keyof typeof TOOLS;

/** Which tool a YAML config is for, by the names that only that tool has; `undefined` where none of them is there. */
export function detectTool(settings: Setting): Tool | undefined {
  const has = (...names: string[]) => names.some((name) => settings.section(name) !== undefined);
  if (settings.children.some((each) => each.section('_component_') !== undefined)) return 'torchtune';
  if (has('base_model')) return 'axolotl';
  if (!has('model_name_or_path')) return undefined;
  return has('stage', 'finetuning_type', 'cutoff_len', 'template', 'lora_rank') ? 'llama-factory' : 'trl';
}
