import assert from 'node:assert/strict';
import { ENDPOINT_KEYS, endpointAddress, keyEnvironment } from '../../../protocol/endpoint-keys.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { keyOf } from './endpoint-key.ts';

const VARIABLE = 'TUNEBOOK_TEST_OWN_KEY';

describe('the key of an endpoint', () => {
  afterEach(() => {
    delete process.env[ENDPOINT_KEYS];
    delete process.env[VARIABLE];
  });
  const keep = (keys: Record<string, string>) => Object.assign(process.env, keyEnvironment(keys));
  const key = (base_url: string, api_key_env?: string) =>
    keyOf(
      'Candidate "a"',
      { base_url, ...(api_key_env === undefined ? {} : { api_key_env }) },
      'a.tune.yaml',
    );

  it('is that of the variable before the one that is kept for the address, and none where there is none', () => {
    assert.equal(key('http://a/v1'), undefined);
    keep({ 'http://a/v1': 'kept' });
    assert.equal(key('http://a/v1/'), 'kept');
    assert.equal(key('http://a/v1', VARIABLE), 'kept');
    process.env[VARIABLE] = 'own';
    assert.equal(key('http://a/v1', VARIABLE), 'own');
  });

  it('goes to no other address', () => {
    keep({ 'https://a/v1': 'kept' });
    for (const other of ['http://a/v1', 'https://a.evil/v1', 'https://a/v2', 'https://a/v1@evil/v1'])
      assert.equal(key(other), undefined, other);
    keep(Object.fromEntries([['toString', 'x']]));
    assert.equal(key('http://a/toString'), undefined);
  });

  it('that should be there and is not says how to give one', () => {
    assert.throws(
      () => key('http://a/v1', VARIABLE),
      (error) =>
        error instanceof TunebookError &&
        error.code === 'endpoint/no-key' &&
        error.message.includes(VARIABLE) &&
        /Set Endpoint Key/.test(error.hint ?? ''),
    );
  });

  it('is not guessed from a variable that holds something else, which is not repeated', () => {
    process.env[ENDPOINT_KEYS] = 'sk-secret';
    assert.throws(
      () => key('http://a/v1'),
      (error) =>
        error instanceof TunebookError &&
        error.code === 'endpoint/bad-keys' &&
        !`${error.message}${error.hint}`.includes('sk-secret'),
    );
  });

  it('is kept under one spelling of an address', () => {
    assert.equal(endpointAddress('HTTP://LocalHost:80/v1//'), 'http://localhost/v1');
    assert.equal(endpointAddress('localhost:80/v1'), undefined);
    assert.equal(endpointAddress('https://'), undefined);
  });
});
