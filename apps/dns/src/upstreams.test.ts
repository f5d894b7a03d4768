import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import { afterAll, expect, test } from 'vitest';
import { rangesOf, upstreamsOf } from './upstreams.js';

const directory = mkdtempSync(join(tmpdir(), 'bn-dns-'));
const file = join(directory, 'resolv.conf');
writeFileSync(
  file,
  '# nameserver 9.9.9.9\nsearch a.b\nnameserver 127.0.0.53\nnameserver fe80::1%eth0\nnameserver 1.1.1.1 # two\n',
);
afterAll(() => rmSync(directory, { recursive: true }));

test.each<[string, object[]]>([
  ['', []],
  ['192.0.2.53', [{ ip: '192.0.2.53', port: 53 }]],
  [
    '192.0.2.53:5353,::1',
    [
      { ip: '192.0.2.53', port: 5353 },
      { ip: '::1', port: 53 },
    ],
  ],
])('%j is asked as %j', (text, expected) => {
  expect(upstreamsOf(text)).toEqual(expected);
});

test('a file is read as resolvers read it', () => {
  expect(upstreamsOf(file).map(({ ip }) => ip)).toEqual(['127.0.0.53', 'fe80::1%eth0', '1.1.1.1']);
});

test.each([
  [() => upstreamsOf('dns.example.com'), '--upstream: "dns.example.com" is no address'],
  [() => upstreamsOf('/none'), '--upstream: /none cannot be read'],
  [() => rangesOf('10.0.0.0'), '--open-upstreams: "10.0.0.0" is no range'],
])('what is wrong is told in a sentence', (read, message) => {
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
});

test('ranges are taken as they are', () => {
  expect(rangesOf('10.0.0.0/8,fd00::/8')).toEqual(['10.0.0.0/8', 'fd00::/8']);
});
