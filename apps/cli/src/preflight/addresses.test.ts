import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { layout } from '../data-dir/layout.js';
import { addNode, setNodeState } from '../nodes.js';
import { readUpSettings } from '../settings.js';
import { bindable, firstTaken, loopbackCarries } from './addresses.js';
import { wantedAddresses } from './ports.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function taken(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const wanted = (port: number, host = '127.0.0.1') => ({ host, port, purpose: 'the API server', flag: '--port' });

test.each(['127.0.0.1', '0.0.0.0'])('a port taken on %s is told with what chooses another', async (host) => {
  const port = await taken(host);
  expect(await firstTaken([wanted(0), wanted(port)])).toBe(
    `port ${port} on 127.0.0.1, wanted for the API server, is taken; stop what uses it or choose another with --port`,
  );
});

test('an address the machine does not have is told as such', async () => {
  expect(await bindable(wanted(0, '203.0.113.1'))).toContain('is no address of this machine');
});

test('loopback carries', async () => {
  expect(await loopbackCarries()).toBeUndefined();
});

test('every address of a cluster is looked at: components, nodes that run or will be made, and the networks', () => {
  const root = mkdtempSync(join(tmpdir(), 'bn-'));
  try {
    const dir = layout(root);
    addNode(dir, { name: 'big', addressPrefix: '127.0.7' });
    addNode(dir, { name: 'worker-1', addressPrefix: '127.0.7' });
    setNodeState(dir, 'worker-1', 'stopped');
    const settings = readUpSettings({
      dataDir: root,
      portOffset: '0',
      nodes: '2',
      web: false,
      dns: false,
      podCidr: '10.244.0.0/16',
      serviceCidr: '10.96.0.0/16',
      nodeAddressPrefix: '127.0.7',
    });
    const found = wantedAddresses(settings, dir).map(({ host, port }) => `${host}:${port}`);
    expect(found).toEqual([
      ...['6443', '10250', '10259', '10257', '10256', '10249', '10254', '10258'].map((port) => `127.0.0.1:${port}`),
      '127.0.7.11:10250',
      '127.0.7.13:10250',
      '127.244.0.1:0',
      '127.96.0.1:0',
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
