import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RunEvent } from '../protocol/events.ts';
import { parseEvent } from './parse-event.ts';
import { MetricsScanner } from './scan-metrics.ts';

const TIME = '2026-11-24T17:00:00.000Z';
const LINE = `{"seq":3,"time":"${TIME}","type":"metrics","split":"train","step":1,"epoch":0.5,"values":{"loss":2.5,"lr":1e-5}}`;

/** A scanner that knows the shape of `LINE`, over some lines. */
function scannerOf(...lines: string[]): MetricsScanner {
  // What stands behind them is as in a file that goes on: patterns are looked for four bytes at a time.
  const scanner = new MetricsScanner(Buffer.from(`${lines.join('\n')}\n      `));
  const event = parseEvent(LINE);
  assert.ok(typeof event === 'object');
  scanner.learn(event);
  return scanner;
}

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(), fc.constant(-0));
const regular = fc.record({
  seq: fc.nat(),
  time: fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((d) => d.toISOString()),
  type: fc.constant('metrics'),
  split: fc.constantFrom('train', 'eval'),
  step: fc.nat(),
  epoch: number,
  values: fc.record({ loss: number, lr: number }),
});

describe('runs: scanned lines of numbers', () => {
  it('give the same event as JSON.parse', () => {
    fc.assert(
      fc.property(regular, (event) => {
        const line = JSON.stringify(event);
        const scanner = scannerOf(line);
        const scanned = scanner.scan(0);
        if (event.split === 'eval') return assert.equal(scanned, undefined);
        assert.deepEqual(scanned, parseEvent(line));
        assert.equal(scanner.end, line.length + 1);
        assert.equal(JSON.stringify(scanned), line.replaceAll('-0,', '0,').replaceAll('-0}', '0}'));
      }),
      { numRuns: 5000 },
    );
  });

  it('are left to JSON.parse, or the same, whatever one byte or a piece of them is', () => {
    const place = fc.nat(LINE.length);
    const piece = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('\\', '"', '\n', '0', '1e', '}', '\u0000', 'é'),
    );
    fc.assert(
      fc.property(place, fc.nat(2), piece, (at, cut, inserted) => {
        const line = LINE.slice(0, at) + inserted + LINE.slice(at + cut);
        const scanner = scannerOf(line);
        const scanned = scanner.scan(0);
        if (!scanned) return;
        const end = line.indexOf('\n');
        assert.deepEqual(scanned, parseEvent(end === -1 ? line : line.slice(0, end)));
        assert.equal(scanner.end, (end === -1 ? line.length : end) + 1);
      }),
      { numRuns: 20_000 },
    );
  });

  it('of several shapes are told apart', () => {
    const tokens = LINE.replace('"values"', '"tokens":512,"values"');
    const more = LINE.replace('"lr"', '"grad_norm":7,"lr"');
    const scanner = scannerOf(LINE, tokens, more);
    let start = 0;
    const events: (RunEvent | undefined)[] = [];
    for (const line of [LINE, tokens, more]) {
      const event = parseEvent(line);
      if (!scanner.scan(start) && typeof event === 'object') scanner.learn(event);
      events.push(scanner.scan(start));
      start = scanner.end;
    }
    assert.deepEqual(events, [LINE, tokens, more].map(parseEvent));
  });

  it('are left to JSON.parse where a name is none that an object takes like any other', () => {
    for (const name of ['__proto__', '1', 'a\\"b', 'verlust_ä', '']) {
      const line = LINE.replace('lr', name);
      const event = parseEvent(line);
      assert.ok(typeof event === 'object', line);
      const scanner = new MetricsScanner(Buffer.from(`${line}\n${line}\n`));
      scanner.learn(event);
      assert.equal(scanner.scan(0), undefined, name);
    }
  });
});
