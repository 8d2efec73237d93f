import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { ProgressEvent } from '../../protocol/events.ts';
import { progressBar, progressLine } from './progress-bar.ts';
import { Pulse } from './pulse.ts';
import { createStyle } from './style.ts';

const event = (fields: Partial<ProgressEvent> = {}): ProgressEvent => ({
  type: 'progress',
  phase: 'train',
  done: 126,
  total: 300,
  rate: 5.23,
  secondsLeft: 33.2,
  ...fields,
});
const EXTRAS = ['loss 0.4312'];

describe('progressBar', () => {
  const plain = createStyle(false);

  it('says how far, how well, how fast and how long', () => {
    assert.equal(
      progressBar(event(), EXTRAS, 100, plain),
      'training   ██████████░░░░░░░░░░░░░░  42 %  126/300  loss 0.4312  5.2 steps/s  33 s left',
    );
  });

  it('leaves out what does not fit, and never fills the last column', () => {
    for (let columns = 45; columns < 110; columns++) {
      const bar = stripVTControlCharacters(progressBar(event(), EXTRAS, columns, createStyle(true)));
      assert.ok(bar.length < columns, `${bar.length} in ${columns}`);
    }
  });

  it('counts a download in bytes', () => {
    const download = event({
      phase: 'download',
      done: 3 * 2 ** 20,
      total: 2 ** 30,
      rate: 2 ** 20,
      secondsLeft: 1021,
    });
    assert.match(
      progressBar(download, [], 100, plain),
      /0 % {2}3\.0 MiB of 1\.0 GiB {2}1\.0 MiB\/s {2}17 min left$/,
    );
  });

  it('is full at the end and empty at the start, also of nothing', () => {
    assert.match(progressBar(event({ done: 300 }), [], 200, plain), /█{24} 100 %/);
    assert.match(progressBar(event({ done: 0 }), [], 200, plain), /░{24} {3}0 %/);
    assert.match(progressBar(event({ done: 0, total: 0 }), [], 200, plain), / 0 %/);
    assert.match(progressBar(event({ done: 299 }), [], 200, plain), / 99 %/, '100 % means done');
  });

  it('only counts while the end is not known', () => {
    const tokenizing = event({ phase: 'tokenize', done: 1200, total: 1200 });
    assert.equal(progressBar(tokenizing, [], 100, plain), 'tokenizing  1200 rows');
  });
});

describe('progressLine', () => {
  it('is a sentence for a log', () => {
    assert.equal(
      progressLine(event(), EXTRAS),
      'training 126/300 (42 %), loss 0.4312, 5.2 steps/s, 33 s left',
    );
    assert.equal(
      progressLine(event({ phase: 'evaluate', done: 300, rate: 812, secondsLeft: 0 }), []),
      'evaluating 300/300 (100 %), 812 rows/s',
    );
  });
});

describe('Pulse', () => {
  it('beats at every tenth, once', () => {
    const pulse = new Pulse('train', 0);
    const due = Array.from({ length: 301 }, (_, done) => pulse.isDue(event({ done }), 1));
    assert.equal(due.filter(Boolean).length, 10);
    assert.ok(due[30] && due[300] && !due[29]);
  });

  it('beats every ten seconds of slow work, whatever it is', () => {
    const pulse = new Pulse('train', 0);
    assert.equal(pulse.isDue(event({ done: 1 }), 9_999), false);
    assert.equal(pulse.isDue(event({ done: 1 }), 10_000), true);
    assert.equal(pulse.isDue(event({ phase: 'evaluate', done: 2 }), 19_999), false);
    assert.equal(pulse.isDue(event({ phase: 'evaluate', done: 2 }), 20_000), true);
  });

  it('does not beat for the evaluations between the steps of a run', () => {
    const pulse = new Pulse('train', 0);
    assert.equal(pulse.isDue(event({ phase: 'evaluate', done: 300 }), 1), false);
    assert.equal(pulse.isDue(event({ done: 30 }), 1), true);
  });
});
