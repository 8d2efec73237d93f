/**
 * Makes the tests of the enclosing `describe` steps of one walk: after one that fails the rest is skipped, since each goes
 * on where the one before it stopped.
 */
export function inOrder(): void {
  let failed = false;
  beforeEach(function () {
    if (failed) this.skip();
  });
  afterEach(function () {
    failed ||= this.currentTest?.state === 'failed';
  });
}
