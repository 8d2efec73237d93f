import assert from 'node:assert/strict';
import { Interruption } from './interruption.ts';

describe('Interruption', () => {
  let ended: (number | string)[];
  let interruption: Interruption;

  beforeEach(() => {
    ended = [];
    interruption = new Interruption((code) => ended.push(code));
    interruption.beforeSecond(() => ended.push('last words'));
  });

  it('asks for an orderly end first', () => {
    const signal = interruption.toAbortSignal();
    interruption.hear('Interrupted with Ctrl+C.', 1000);
    assert.equal(interruption.stop.reason, 'Interrupted with Ctrl+C.');
    assert.equal(signal.aborted, true);
    assert.deepEqual(ended, []);
  });

  it('ends the process at once at the second, with last words', () => {
    interruption.hear('a', 1000);
    interruption.hear('a', 2000);
    assert.deepEqual(ended, ['last words', 130]);
  });

  it('takes the echo of npm for the same Ctrl+C', () => {
    interruption.hear('a', 1000);
    interruption.hear('a', 1010);
    assert.deepEqual(ended, []);
    interruption.hear('a', 5000);
    assert.deepEqual(ended, ['last words', 130]);
  });

  it('knows three that come at once, after a step that blocked, for more than an echo', () => {
    for (let i = 0; i < 3; i++) interruption.hear('a', 1000);
    assert.deepEqual(ended, ['last words', 130]);
  });

  it('waits for a run that was asked to stop by others, at the first signal', () => {
    interruption.stop.request('Stopped by request.');
    interruption.hear('a', 1000);
    assert.deepEqual(ended, []);
    interruption.hear('a', 2000);
    assert.deepEqual(ended, ['last words', 130]);
  });

  it('ends the process even when the last words fail', () => {
    interruption.beforeSecond(() => {
      throw new Error('disk full');
    });
    interruption.hear('a', 1000);
    assert.throws(() => interruption.hear('a', 2000), /disk full/);
    assert.deepEqual(ended, [130]);
  });

  it('does not go on without listening when a signal has come before', async () => {
    interruption.hear('Interrupted with Ctrl+C.', 1000);
    await assert.rejects(interruption.stopListening(), /Interrupted with Ctrl\+C\./);
  });
});
