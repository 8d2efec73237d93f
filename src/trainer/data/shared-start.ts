/**
 * How many tokens of a prompt begin the whole as well, as TRL counts them: where a token spans the border, what follows the
 * prompt begins with it.
 */
export function sharedStart(prompt: readonly number[], whole: readonly number[]): number {
  let shared = 0;
  while (shared < prompt.length && prompt[shared] === whole[shared]) shared++;
  return shared;
}
