import { CheckMemory } from '../../check-memory.ts';
import type { ParseCache } from '../../project.ts';
import { FUZZ_CORPUS } from './corpus.ts';
import { examine } from './examine.ts';
import { applied, mutation } from './mutate.ts';
import { Seeded } from './seeded.ts';

const SHORT_CORPUS = FUZZ_CORPUS.filter(({ length }) => length < 600);

/** What went wrong, with what it takes to see it again. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

/**
 * Examines the config that a seed stands for: one of the corpus with one to six changes.
 * @param options whether it is formatted too, and whether the corpus is that of short configs
 * @throws FuzzFailure with the text
 */
export async function fuzzConfig(
  seed: number,
  options: { formats?: boolean; short?: boolean } = {},
): Promise<void> {
  const random = new Seeded(seed);
  let text = random.pick(options.short ? SHORT_CORPUS : FUZZ_CORPUS);
  for (let changes = 1 + random.below(6); changes > 0; changes--)
    text = applied(text, mutation(text, random));
  await examine(text, random, options).catch((error: unknown) => fail(`config ${seed}`, text, error));
}

/** Edits of one sequence. */
const EDITS = 20;

/**
 * Edits a config again and again as the seed says, as an editor holds it: what was parsed before is kept, and some edits are
 * taken back. All is examined in between.
 * @throws FuzzFailure with the text
 */
export async function fuzzEdits(seed: number, options: { formats?: boolean } = {}): Promise<void> {
  const random = new Seeded(seed);
  const cache: ParseCache = new Map();
  const memory = new CheckMemory();
  const history: string[] = [random.pick(FUZZ_CORPUS)];
  for (let edit = 0; edit < EDITS; edit++) {
    const text = history.at(-1) ?? '';
    if (history.length > 1 && random.below(4) === 0) history.pop();
    else history.push(applied(text, mutation(text, random)));
    const now = history.at(-1) ?? '';
    // Most edits are looked at in passing; every fifth is examined whole.
    const formats = options.formats !== false && edit % 5 === 0;
    await examine(now, random, { cache, memory, formats }).catch((error: unknown) =>
      fail(`edits ${seed}:${edit}`, now, error),
    );
  }
}

function fail(what: string, text: string, error: unknown): never {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  throw new FuzzFailure(`${what}: ${message}\n\nin this text:\n${JSON.stringify(text)}`, { cause: error });
}
