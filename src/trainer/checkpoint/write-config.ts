import { writeFileSync } from 'node:fs';

/** Fields of transformers' configs that take no whole number: 30 has to be written as 30.0, which JavaScript does not on its own. */
const FLOATS = [
  'initializer_range',
  'layer_norm_eps',
  'layer_norm_epsilon',
  'rms_norm_eps',
  'attn_logit_softcapping',
  'final_logit_softcapping',
];

const WHOLE = new RegExp(`^( {2}"(?:${FLOATS.join('|')})": \\d+)(?=,?$)`, 'gm');

/** Writes a `config.json` that transformers, which is strict about types, reads again. */
export function writeConfig(file: string, config: Readonly<Record<string, unknown>>): void {
  writeFileSync(file, `${JSON.stringify(config, undefined, 2).replace(WHOLE, '$1.0')}\n`);
}
