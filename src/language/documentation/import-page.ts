import { AXOLOTL_PAIRS, AXOLOTL_TYPES } from '../import/axolotl-data.ts';
import { REASONS, type Reason } from '../import/reasons.ts';
import { TORCHTUNE_BUILDERS } from '../import/torchtune-data.ts';

/** docs/importing.md: what configs of other tools become, from the tables that the import itself uses. */
export function makeImportPage(): string {
  return `${[
    '# Importing configs of other tools',
    '<!-- Made from the tables in src/language/import by `npm run generate`. Do not edit. -->',
    '`tunebook import FILE`, or `Tunebook: Import Config…` in VS Code, writes `NAME.tune.yaml` beside the file. At its top stand, in this order:',
    [
      '1. which settings decide what is learnt and have no counterpart: as the file stands, it trains something else;',
      '2. what is assumed, or done otherwise, as a whole;',
      '3. every setting that has no counterpart, with its value, its line and the reason.',
    ].join('\n'),
    'Rows for a method that Tunebook lacks get no `format:`, so that nothing learns from them by mistake. What is not named is carried over or needs no setting; `--json` says of each which.',
    'YAML is read as these tools read it, by the rules of YAML 1.1: `500_000` is a number, `no` is false. Of a Python script the values are taken that stand there: numbers, texts, lists, sums, names, dictionaries behind `**`, parameters that one call gives a value, and the defaults of `argparse` and of dataclasses. It is never run. A branch whose condition is known not to hold is left out. The splits are those that the trainer is given by name, the length the one that its tokenizer is called with, and rows that `train_test_split` holds out are held out here too. An adapter of PEFT that is no LoRA is named as what decides what is learnt.',
    'Of a Jupyter notebook (`.ipynb`) the code of its cells is read as a script, without lines that begin with `!` or `%`; where it trains nothing itself, the first command of such a line that starts a training counts. Lines are those of the file.',
    'Of a shell script, a README or a script that takes its settings from its command line (`HfArgumentParser`, `TrlParser`) the first command that starts a training is taken, with the variables of the shell that a line above gives a value: `python SCRIPT.py`, `accelerate launch`, `torchrun`, `deepspeed`, `trl sft|dpo|orpo`, `llamafactory-cli train`, and `run_glue.py`, `run_classification.py`, `run_ner.py`, `run_mlm.py`, `run_clm.py` of transformers. Where the command names a config (`trl sft --config sft.yaml --learning_rate 1e-4`, `axolotl train lora.yml --lora-r 8`, `llamafactory-cli train sft.yaml learning_rate=1e-4`, `tune run RECIPE --config own.yaml optimizer.lr=1e-4`), its settings are read as well, in the folder of the script or in the one that the import is started in, and those of the command count before them. Whether TRL trains by SFT, DPO or ORPO its subcommand says, or the name of the script or of the config.',
    'Defaults that are others than those of Tunebook are written out: the learning rate and `logging_steps` of `SFTConfig`, `DPOConfig` and `ORPOConfig`, rank, alpha and dropout of TRL’s `ModelConfig`, the length that each tool cuts at. That TRL computes layers again to save memory is not: it changes no number.',
    '## Axolotl: `type` of a data set',
    table(['`type`', '`format`'], entries(AXOLOTL_TYPES)),
    'With `rl: dpo`, `ipo` or another method of Tunebook the format is `preference`; what stands behind the dot says the columns:',
    table(
      ['behind the dot', 'columns that are not called `prompt`, `chosen`, `rejected`'],
      Object.entries(AXOLOTL_PAIRS).map(([name, columns]) => [code(name), columnsOf(columns)]),
    ),
    '## LLaMA-Factory: `dataset_info.json`',
    'Names of data sets are looked up in `data/dataset_info.json` or `dataset_info.json`, in the folder of the config or above it.',
    table(
      ['entry', '`format`'],
      [
        ['`ranking: true`, or `stage: dpo`', '`preference`'],
        ['`stage: pt`', '`text`'],
        ['`formatting: alpaca`, or none', '`alpaca`'],
        ['`formatting: sharegpt`', '`sharegpt`'],
        ['the same with `role_tag: role` and `content_tag: content`', '`chat`'],
      ],
    ),
    '## torchtune: builders of data',
    table(
      ['`_component_`', '`format`', 'reads', 'columns'],
      Object.entries(TORCHTUNE_BUILDERS).map(([name, { format, source, columns = {} }]) => [
        code(name),
        code(format),
        source === undefined ? 'a `source` of yours' : code(source),
        columnsOf(columns),
      ]),
    ),
    '`chat_dataset` is `sharegpt` unless `conversation_style` is `openai`. `${…}` is replaced as OmegaConf does it.',
    '## Settings that need none here',
    table(
      ['settings', 'why'],
      reasons(({ same }) => same === true),
    ),
    '## Settings without counterpart that decide what is learnt',
    table(
      ['settings', 'why'],
      reasons(({ decides }) => decides === true),
    ),
    '## Other settings without counterpart',
    table(
      ['settings', 'why'],
      reasons(({ same, decides }) => same !== true && decides !== true),
    ),
  ].join('\n\n')}\n`;
}

/** Names of settings stand there as a pattern, of which the first that fits counts. */
function reasons(which: (reason: Reason) => boolean): string[][] {
  return REASONS.filter(which).map(({ names, why }) => [code(names.source), why]);
}

function entries(map: Readonly<Record<string, string>>): string[][] {
  return Object.entries(map).map(([name, value]) => [code(name), code(value)]);
}

function columnsOf(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([role, name]) => `${role}: ${code(name)}`)
    .join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
