import { describe, expect, test } from 'vitest';
import { nameServer, ranges, Reach, textOf } from './name-server.js';

test.each<[string, object | undefined]>([
  ['1.2.3.4', { ip: '1.2.3.4', port: 53 }],
  ['1.2.3.4:5353', { ip: '1.2.3.4', port: 5353 }],
  ['fd00::1', { ip: 'fd00::1', port: 53 }],
  ['[fd00::1]:5353', { ip: 'fd00::1', port: 5353 }],
  ['1.2.3.4:0', undefined],
  ['1.2.3.4:65536', undefined],
  ['[1.2.3.4]:53', undefined],
  ['1.2.3.4:', undefined],
  ['1.2.3', undefined],
  ['dns.example.com', undefined],
  ['', undefined],
])('%j is the server %j', (text, expected) => {
  const server = nameServer(text);
  expect(server).toEqual(expected);
  if (server) expect(nameServer(textOf(server))).toEqual(server);
});

test.each(['1.2.3.4', '1.2.3.4/x', 'a/8', '1.2.3.0/33'])('%s is no range', (text) => {
  expect(() => ranges([text])).toThrow();
});

describe('a server that a cluster names', () => {
  const held = new Set(['127.244.0.5:20053']);
  const reach = new Reach({
    cluster: ['10.244.0.0/16', '10.96.0.0/16'],
    named: [{ ip: '192.0.2.53', port: 53 }],
    opened: ['198.51.100.0/24', 'fd00::/8'],
    privileged: false,
    isHeld: async ({ host, port }) => held.has(`${host}:${port}`),
  });
  const place = async (text: string) => {
    const server = nameServer(text);
    return server && (await reach.place(server).catch((error: Error) => error.message));
  };

  test.each<[string, object]>([
    ['10.244.0.5', { host: '127.244.0.5', port: 20_053 }],
    ['192.0.2.53', { host: '192.0.2.53', port: 53 }],
    ['198.51.100.7:5353', { host: '198.51.100.7', port: 5353 }],
    ['fd00::1', { host: 'fd00::1', port: 53 }],
  ])('%s is asked at %j', async (text, expected) => {
    expect(await place(text)).toEqual(expected);
    expect(reach.permits(nameServer(text) ?? { ip: '', port: 0 })).toBe(true);
  });

  test.each(['10.244.0.6', '10.96.0.1:443'])('%s is not where nobody is there', async (text) => {
    expect(await place(text)).toContain('nobody is at');
  });

  test.each([
    '127.0.0.1',
    '127.244.0.5',
    '169.254.169.254',
    '192.0.2.53:5353',
    '10.97.0.1',
    '0.0.0.0',
    '::1',
    '::ffff:127.0.0.1',
  ])('%s is not, as nobody has opened it', async (text) => {
    expect(await place(text)).toContain('is not opened');
    expect(reach.permits(nameServer(text) ?? { ip: '', port: 0 })).toBe(false);
  });
});
