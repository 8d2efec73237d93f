import { writeFileSync } from 'node:fs';
import mocha from 'mocha';

/**
 * The reporter that the option `shown` names (one of Mocha's own), which also writes how many tests passed, failed and were
 * skipped to the file of the option `counts`, as JSON, and of each that failed its title and the first line of why.
 */
export default class CountingReporter {
  constructor(runner, options) {
    const Shown = mocha.reporters[options.reporterOption.shown];
    this.shown = new Shown(runner, options);
    const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
    runner.on('pass', () => counts.passed++);
    runner.on('fail', (test, error) => {
      counts.failed++;
      counts.failures.push(`${test.fullTitle()}: ${String(error?.message ?? error).split('\n')[0]}`);
    });
    runner.on('pending', () => counts.skipped++);
    runner.once('end', () => writeFileSync(options.reporterOption.counts, JSON.stringify(counts)));
  }
}
