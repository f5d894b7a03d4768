import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { TestAuthority } from '@binnacle/testing-cluster';
import { afterEach, expect, test } from 'vitest';
import type { Kubelet } from '../kubelet.js';
import { fakeContext } from '../testing/fakes.js';
import { KubeletEndpoints } from './kubelet-endpoint.js';

const abort = new AbortController();
const opened: TLSSocket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
  abort.abort(new Error('over'));
});

const kubelet = { options: { client: {}, node: { name: 'a' } } } as unknown as Kubelet;

async function shown(port: number): Promise<{ socket: TLSSocket; serial: string }> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  opened.push(socket);
  await once(socket, 'secureConnect');
  return { socket, serial: socket.getPeerCertificate().serialNumber };
}

test('nobody gets through without a certificate; another is shown to who comes later, and who is there stays', async () => {
  const authority = await TestAuthority.create(Date.now());
  const issue = async () => {
    const { certificate: cert, key } = await authority.issue({ commonName: 'system:node:a', hosts: ['127.0.0.1'] });
    return { cert, key };
  };
  const endpoints = new KubeletEndpoints({ clientCa: authority.certificate });
  const ctx = { ...fakeContext(), signal: abort.signal };
  const port = await endpoints.serve(ctx, kubelet, { host: '127.0.0.1', port: 0 });
  await expect(shown(port)).rejects.toThrow();
  endpoints.renew(await issue());
  const first = await shown(port);
  endpoints.renew(await issue());
  const second = await shown(port);
  expect(second.serial).not.toBe(first.serial);
  first.socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  const [answer] = await once(first.socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 /);
});
