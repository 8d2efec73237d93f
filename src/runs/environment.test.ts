import assert from 'node:assert/strict';
import type { TunebookError } from '../protocol/error.ts';
import { environmentUnder, fillConfig, maskOf } from './environment.ts';

describe('fillConfig', () => {
  const environment = { places: { '/a/0': 'text', '/n': 'number', '/b~1c': 'boolean' }, masked: [] } as const;
  const config = { a: ['${env.A}/x', '${env.A}'], n: '${env.N}', 'b/c': '${env.B}' };

  it('fills what came from the environment, and nothing else', () => {
    assert.deepEqual(fillConfig(config, { ...environment, masked: [] }, 'r', { A: '1', N: '2', B: 'true' }), {
      a: ['1/x', '${env.A}'],
      n: 2,
      'b/c': true,
    });
  });

  it('names every variable that is not set', () => {
    assert.throws(
      () => fillConfig(config, { ...environment, masked: [] }, 'r-1', { A: 'x' }),
      ({ code, message, hint }: TunebookError) => {
        assert.equal(code, 'run/environment-missing');
        assert.equal(message, 'r-1 takes values from the environment, where the variables B, N are not set.');
        assert.equal(hint, 'Set B and N as when the run was started, and try again.');
        return true;
      },
    );
  });

  it('refuses a text where a number is wanted, without telling it', () => {
    assert.throws(
      () => fillConfig(config, { ...environment, masked: [] }, 'r', { A: 'x', N: 'many', B: 'true' }),
      ({ code, message }: TunebookError) =>
        code === 'run/environment-unfit' && message.includes('${env.N}') && !message.includes('many'),
    );
  });

  it('gives the places of a part', () => {
    const whole = {
      places: { '/trials/1/run/n': 'number', '/trials/10/run/n': 'number' },
      masked: ['A'],
    } as const;
    assert.deepEqual(environmentUnder({ ...whole, masked: ['A'] }, '/trials/1/run'), {
      places: { '/n': 'number' },
      masked: ['A'],
    });
  });
});

describe('maskOf', () => {
  it('puts names in place of values in every text, the longest first, and takes it back', () => {
    const { mask, unmask } = maskOf(['ROOT', 'DEEP'], { env: { ROOT: '/data', DEEP: '/data/deep' } });
    const value = { message: 'no /data/deep/x', list: ['/data/y'], n: 1 };
    const masked = { message: 'no ${env.DEEP}/x', list: ['${env.ROOT}/y'], n: 1 };
    assert.deepEqual(mask(value), masked);
    assert.deepEqual(unmask(masked), value);
  });

  it('leaves numbers, short values and what is not set alone', () => {
    const { mask } = maskOf(['N', 'SHORT', 'NONE'], { env: { N: '2026', SHORT: 'cpu' } });
    assert.equal(mask('cpu 2026'), 'cpu 2026');
  });

  it('knows a path from any place that it is seen from', () => {
    const { mask, unmask } = maskOf(['OWN', 'NEAR'], {
      env: { OWN: '/w/own/rows', NEAR: '../near/rows' },
      workspace: '/w',
    });
    const seen = ['own/rows/a', '/w/own/rows/a', '/near/rows/a', 'near/rows/a'];
    assert.deepEqual(mask(seen), ['${env.OWN}/a', '${env.OWN}/a', '/${env.NEAR}/a', '${env.NEAR}/a']);
    assert.deepEqual(unmask(mask(seen)), ['/w/own/rows/a', '/w/own/rows/a', '/near/rows/a', 'near/rows/a']);
  });
});
