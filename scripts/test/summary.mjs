/** `0.4 s`, `12 s`, `3 min 5 s`. */
export function seconds(value) {
  if (value < 10) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** One line a suite: its name, its counts and its time. */
export function table(results) {
  const lines = results.map(({ name, passed, failed, skipped, ok, seconds: time }) =>
    [
      ok ? '✔' : '✘',
      name.padEnd(8),
      `${passed} passed`.padStart(12),
      `${failed} failed`.padStart(10),
      (skipped > 0 ? `${skipped} skipped` : '').padStart(11),
      seconds(time).padStart(12),
    ].join(' '),
  );
  return lines.join('\n');
}

/** A line for each test that failed; of hundreds of lines above them nobody finds it again. */
export function failures(results) {
  return lines(results, 'failures', ({ title, why }) => `✘ ${title}${why ? `: ${why}` : ''}`);
}

/** A line for each test that failed at first and passed when its file was run once more. */
export function unsteady(results) {
  return lines(
    results,
    'unsteady',
    ({ title, why }) => `~ ${title}: passed at the second try; the first: ${why}`,
  );
}

function lines(results, key, line) {
  return results
    .flatMap(({ name, [key]: tests = [] }) => tests.map((test) => `${line(test)} (${name})\n`))
    .join('');
}

/** The closing line that machines read: `N passed, N failed`, and `, N skipped` where some were. */
export function closingLine(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
