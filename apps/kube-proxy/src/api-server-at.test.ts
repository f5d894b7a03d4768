import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { apiServerAt } from './api-server-at.js';

const isApiServer = apiServerAt('https://192.0.2.7:6443');

test('the API server is at its host and at this machine, at its port alone', () => {
  for (const address of ['192.0.2.7', '127.0.0.1']) {
    expect([isApiServer(address, 6443), isApiServer(address, 10_257)]).toEqual([true, false]);
  }
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  for (const { family, internal, address } of own) {
    if (family === 'IPv4' && !internal) expect(isApiServer(address, 6443)).toBe(true);
  }
});

test('it is nowhere else', () => {
  for (const address of ['192.0.2.8', '169.254.169.254', '127.0.0.53', '0.0.0.0'])
    expect(isApiServer(address, 6443)).toBe(false);
});

test('a URL without a port has that of its protocol', () => {
  expect(apiServerAt('https://localhost')('127.0.0.1', 443)).toBe(true);
});
