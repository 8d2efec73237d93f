import { writeFileSync } from 'node:fs';
import mocha from 'mocha';
import { root } from '../setup/run.mjs';

/**
 * The reporter that the option `shown` names (one of Mocha's own), which also writes to the file of the option `counts`, as JSON,
 * for each test file how many tests passed, failed and were skipped, and of each that failed its title and the first line of why.
 */
export default class CountingReporter {
  constructor(runner, options) {
    const Shown = mocha.reporters[options.reporterOption.shown];
    this.shown = new Shown(runner, options);
    const files = {};
    const of = ({ file, parent }) => {
      const name = (file ?? parent?.file ?? '').replace(root, '');
      return (files[name] ??= { passed: 0, failed: 0, skipped: 0, failures: [] });
    };
    runner.on('pass', (test) => of(test).passed++);
    runner.on('fail', (test, error) => {
      const counts = of(test);
      counts.failed++;
      const [why] = String(error?.message ?? error).split('\n');
      counts.failures.push({ title: test.fullTitle(), why });
    });
    runner.on('pending', (test) => of(test).skipped++);
    runner.once('end', () => writeFileSync(options.reporterOption.counts, JSON.stringify(files)));
  }
}
