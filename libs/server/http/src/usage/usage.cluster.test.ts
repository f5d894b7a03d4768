import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { PodUsage } from '@binnacle/apis-kubernetes/usage/v1';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const PODS = '/api/v1/namespaces/default/pods';
const USAGE = '/apis/usage.binnacle.dev/v1/namespaces/default/podusages';
const JSON_TYPE = 'application/json';

let server: TestApiServer;
let kubelets: Server[];
/** Bytes that the kubelet without end has got rid of. */
let sent = 0;

const figures = { cpu: { time: '2026-01-01T00:00:00Z', usageNanoCores: 5e8 }, memory: { workingSetBytes: 1 << 20 } };
const SUMMARY = {
  node: figures,
  pods: [
    {
      podRef: { name: 'p', namespace: 'default', uid: '' },
      ...figures,
      containers: [{ name: 'c', ...figures }],
    },
  ],
};

async function startKubelet(name: string, answer: (write: (text: string) => boolean, end: () => void) => void) {
  const names = { commonName: `system:node:${name}`, organizations: ['system:nodes'], hosts: ['127.0.0.1'] };
  const { certificate: cert, key } = await server.authority.issue(names);
  const kubelet = createServer({ cert, key, ca: server.authority.certificate, requestCert: true }, (_, response) => {
    response.on('drain', () =>
      answer(
        (text) => response.write(text),
        () => response.end(),
      ),
    );
    answer(
      (text) => response.write(text),
      () => response.end(),
    );
  });
  kubelet.listen(0, '127.0.0.1');
  await once(kubelet, 'listening');
  const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
  const { port } = kubelet.address() as AddressInfo;
  await send('POST', '/api/v1/nodes', { metadata: { name } });
  const status = { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  await send('PATCH', `/api/v1/nodes/${name}/status`, { status }, 'application/merge-patch+json');
  kubelets.push(kubelet);
}

async function send(
  method: string,
  path: string,
  body: object,
  type = JSON_TYPE,
): Promise<{ metadata: { uid: string } }> {
  const answer = await server.raw.call(path, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  if (answer.status >= 300) throw new Error(answer.text);
  return JSON.parse(answer.text) as { metadata: { uid: string } };
}

async function read<T>(path: string): Promise<T> {
  const answer = await server.raw.call(path, { headers: { accept: JSON_TYPE } });
  return JSON.parse(answer.text) as T;
}

beforeAll(async () => {
  kubelets = [];
  server = await startTestApiServer({ storage: 'memory' });
  await startKubelet('n', (write, end) => {
    write(JSON.stringify(SUMMARY));
    end();
  });
  await startKubelet('endless', (write) => {
    const text = '[['.repeat(32 * 1024);
    do sent += text.length;
    while (write(text) && sent < 1e9);
  });
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] };
  const { metadata } = await send('POST', PODS, { metadata: { name: 'p', labels: { app: 'web' } }, spec });
  for (const { podRef } of SUMMARY.pods) podRef.uid = metadata.uid;
});
afterAll(async () => {
  for (const kubelet of kubelets) kubelet.close();
  await server.close();
});

const list = (query = '') => read<{ items: PodUsage[]; metadata: { resourceVersion: string } }>(`${USAGE}${query}`);

describe('what Pods have used, asked of the API server', () => {
  test('is what kubelets say, whatever another of them does', async () => {
    const found = await vi.waitUntil(async () => (await list()).items[0], { timeout: 30_000, interval: 100 });
    expect(found).toMatchObject({
      kind: 'PodUsage',
      metadata: { name: 'p', labels: { app: 'web' } },
      usage: { cpu: '500000000n', memory: '1024Ki' },
      series: { usageNanoCores: [5e8], workingSetBytes: [1 << 20] },
    });
    expect(sent).toBeLessThan(50e6);
  });

  test('is one of its own by name, and as a Table', async () => {
    expect(await read(`${USAGE}/p`)).toMatchObject({ metadata: { name: 'p' }, window: '15m', step: '60s' });
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const { text } = await server.raw.call(USAGE, { headers });
    expect((JSON.parse(text) as { rows: { cells: unknown[] }[] }).rows.map(({ cells }) => cells)).toEqual([
      ['p', '500m', '1Mi', '500m', '15m'],
    ]);
  });

  test('is of the window that is asked for, and of no other', async () => {
    const { items } = await list('?fieldSelector=window%3D1h,step%3D15s');
    expect(items).toMatchObject([{ window: '1h', step: '15s' }]);
    expect(await read(`${USAGE}?fieldSelector=window%3D2h`)).toMatchObject({ kind: 'Status', reason: 'BadRequest' });
    expect(await read(`${USAGE}?fieldSelector=other%3D2h`)).toMatchObject({ kind: 'Status', reason: 'BadRequest' });
  });

  test('cannot be written', async () => {
    await expect(send('POST', USAGE, { metadata: { name: 'x' } })).rejects.toThrow('MethodNotAllowed');
  });
});
