/** What a process is told besides where to stand still. */
export interface HoldOptions {
  /** How much faster its clock goes: what it tells a few times a second, it tells after every step then. */
  clock?: number;
}

/**
 * `NODE_OPTIONS` of a process that stands still (SIGSTOP) once it has printed such words, in the middle of what it does, until it is
 * told to go on (SIGCONT): however fast it is, and however late the test looks.
 */
export function holdsAfter(words: RegExp, { clock = 1 }: HoldOptions = {}): string {
  const script = `
    const [now, write] = [performance.now.bind(performance), process.stdout.write.bind(process.stdout)];
    if (${clock} !== 1) performance.now = () => now() * ${clock};
    let isHeld = false;
    process.stdout.write = (text, ...more) => {
      const went = write(text, ...more);
      if (!isHeld && ${String(words)}.test(String(text))) {
        isHeld = true;
        process.kill(process.pid, 'SIGSTOP');
      }
      return went;
    };`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}
