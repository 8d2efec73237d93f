import assert from 'node:assert/strict';
import { addressesIn } from './addresses-in.ts';

describe('the addresses that configs name', () => {
  it('are found in either style of YAML, once each, and only where they are some', () => {
    const text = `
candidates:
  a: { endpoint: { base_url: http://localhost:8080/v1, model: m } }
  b:
    endpoint:
      base_url: "https://api.example.com/v1/"   # with a key
      model: m
  c: {endpoint: {model: m, base_url: 'http://localhost:8080/v1/'}}
  d: { endpoint: { base_url: "\${env.URL}", model: m } }
  e: { endpoint: { my_base_url: http://other/v1 } }
`;
    assert.deepEqual(addressesIn(text), ['http://localhost:8080/v1', 'https://api.example.com/v1']);
  });
});
