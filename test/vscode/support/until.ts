/** How long tests wait for anything at most, in seconds: machines that test are slow now and then. */
export const PATIENCE = 180;

/**
 * Asks again and again until the answer is there, and gives it.
 * @param what what is waited for, for the message
 * @param ask gives undefined or false while it is not there
 * @param seconds how long at most
 * @throws Error that says what did not come, and what `describe` says of how it is instead
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = PATIENCE,
  describe: () => Promise<string> | string = () => '',
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`Not within ${seconds} s: ${what}. ${await describe()}`.trim());
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
