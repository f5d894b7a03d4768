import { expect, test } from 'vitest';
import { curlFailure } from './curl-failure.js';

const asked = { url: 'http://web:8080/x', timeoutMilliseconds: 2000 };

test.each([
  ["bad address 'web'", 6, 'Could not resolve host: web'],
  ['lookup ::1: no such host', 6, 'Could not resolve host: web'],
  [
    'connect ECONNREFUSED 10.96.0.5:80',
    7,
    'Failed to connect to web port 8080 after 0 ms: Could not connect to server',
  ],
  ['no route to host 192.0.2.1', 7, 'Failed to connect to web port 8080 after 0 ms: Could not connect to server'],
  ['resolving timed out', 28, 'Resolving timed out after 2000 milliseconds'],
  ['connection timed out', 28, 'Connection timed out after 2000 milliseconds'],
  ['download timed out', 28, 'Operation timed out after 2000 milliseconds with 0 bytes received'],
  ['read ECONNRESET', 56, 'Recv failure: Connection reset by peer'],
  ['socket hang up', 52, 'Empty reply from server'],
  ['self-signed certificate', 60, 'SSL certificate problem: self-signed certificate'],
])('%s ends curl with %i', (message, code, text) => {
  expect(curlFailure(message, asked)).toEqual({ code, text: `curl: (${code}) ${text}\n` });
});

test.each([
  ['http://web/', '80'],
  ['https://web/', '443'],
])('the port of %s is %s', (url, port) => {
  expect(curlFailure('ECONNREFUSED', { ...asked, url })?.text).toContain(`port ${port} `);
});

test('what is none of the network is left as it is', () => {
  expect(curlFailure('the answer is too large', asked)).toBeUndefined();
});
