import { expect, test } from 'vitest';
import { Wire } from './wire.js';

const held = new Set<string>();
const wire = new Wire({
  privileged: false,
  isService: (ip, port) => ip === '10.96.0.1' && port === 443,
  listeners: { has: async (transport, host, port) => held.has(`${transport}/${host}:${port}`) },
  opened: ['192.0.2.1:5432', '10.0.0.9:80'],
});

test('a held socket is reached as long as it is held', async () => {
  const release = wire.hold(wire.place('10.244.1.5', 80), 'tcp');
  const again = wire.hold(wire.place('10.244.1.5', 80), 'tcp');
  expect(await wire.reach('10.244.1.5', 80)).toEqual({ host: '127.244.1.5', port: 20_080 });
  await expect(wire.reach('10.244.1.5', 80, 'udp')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  release();
  expect(await wire.reach('10.244.1.5', 80)).toBeDefined();
  again();
  await expect(wire.reach('10.244.1.5', 80)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a Service is reached where the proxy holds its socket', async () => {
  await expect(wire.reach('10.96.0.1', 443)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  held.add('tcp/127.96.0.1:20443').add('tcp/127.96.0.1:20444');
  expect(await wire.reach('10.96.0.1', 443)).toEqual({ host: '127.96.0.1', port: 20_443 });
  await expect(wire.reach('10.96.0.1', 444)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('what the operator opened is reached as it stands', async () => {
  expect(await wire.reach('192.0.2.1', 5432)).toEqual({ host: '192.0.2.1', port: 5432 });
  expect(await wire.reach('10.0.0.9', 80)).toEqual({ host: '10.0.0.9', port: 80 });
});

test.each([
  ['127.0.0.1', 'ECONNREFUSED'],
  ['10.0.0.1', 'ECONNREFUSED'],
  ['127.244.9.9', 'ECONNREFUSED'],
  ['192.0.2.1', 'EHOSTUNREACH'],
  ['169.254.169.254', 'EHOSTUNREACH'],
  ['0.0.0.0', 'EHOSTUNREACH'],
  ['localhost', 'ENOTFOUND'],
  ['example.com', 'ENOTFOUND'],
  ['::1', 'ENOTFOUND'],
  ['0x7f000001', 'ENOTFOUND'],
  ['127.1', 'ENOTFOUND'],
  ['', 'ENOTFOUND'],
])('%j is not', async (ip, code) => {
  await expect(wire.reach(ip, 22)).rejects.toMatchObject({ code });
});
