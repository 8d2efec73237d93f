import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMITTED = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** Where fixtures of Hugging Face's own numbers lie. `npm run parity` sets TUNEBOOK_FIXTURES to a set that it has just made anew. */
export function fixturesOf(
  name: 'parity' | 'families' | 'adapters' | 'nf4' | 'sft' | 'dpo' | 'orpo',
): string {
  return join(process.env['TUNEBOOK_FIXTURES'] ?? COMMITTED, name);
}
