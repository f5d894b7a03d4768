import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder } from '@binnacle/client-controller';
import { createInformer } from '@binnacle/client-informers';
import { createKubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Proxier } from './proxier.js';
import { slice, testOctet, wireNode } from './testing/builders.js';
import { userspaceMode } from './userspace/userspace.js';

const octet = testOctet();
const pods: Server[] = [];
const abort = new AbortController();
const ctx: Context = { clock: systemClock, logger: silentLogger, signal: abort.signal };
let server: TestApiServer;
let running: Promise<void>;

async function startPod(host: number): Promise<void> {
  const pod = createServer((socket) => socket.on('error', () => undefined).end(`pod ${host}`));
  pod.listen(8080, `127.${octet}.1.${host}`);
  await once(pod, 'listening');
  pods.push(pod);
}

beforeAll(async () => {
  server = await startTestApiServer();
  const client = createKubeClient(await server.configFor('system:kube-proxy'));
  const sources = {
    services: createInformer(client.resource<Service>(refs.services)),
    slices: createInformer(client.resource<EndpointSlice>(refs.endpointslices)),
    nodes: createInformer(client.resource<Node>(refs.nodes)),
  };
  const recorder = createEventRecorder(ctx, client, { component: 'kube-proxy' });
  running = new Proxier(sources, recorder, { mode: userspaceMode({ privileged: true }), nodePortAddresses: [] }).run(
    ctx,
  );
  running.catch(() => undefined);
  await Promise.all([startPod(1), startPod(2), startPod(3)]);
});

afterAll(async () => {
  abort.abort(new Error('the test is over'));
  await running.catch(() => undefined);
  for (const pod of pods) pod.close();
  await server.close();
});

async function ask(host: string, port: number): Promise<string> {
  try {
    const socket = connect({ host, port });
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    return text;
  } catch {
    return 'refused';
  }
}

const endpoint = (host: number, ready = true) => ({
  addresses: [`10.${octet}.1.${host}`],
  nodeName: 'worker',
  conditions: { ready },
});
const ports = [{ name: '', port: 8080, protocol: 'TCP' }];

test('a Service is served on its addresses and follows its endpoints and its own end', async () => {
  const nodes = server.client.resource<Node>(refs.nodes);
  const services = server.client.resource<Service>(refs.services);
  const slices = server.client.resource<EndpointSlice>(refs.endpointslices);
  await nodes.create(ctx, wireNode('worker', '127.0.0.1', `10.${octet}.1.0/24`));
  const { spec } = await services.create(ctx, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { type: 'NodePort', ports: [{ port: 8080, targetPort: 8080 }] },
  });
  const made = await slices.create(ctx, slice([endpoint(1), endpoint(2), endpoint(3)], ports));
  const nodePort = spec?.ports?.[0]?.nodePort ?? 0;
  const serviceHost = (spec?.clusterIP ?? '').replace(/^10\./, '127.');
  await expect.poll(() => ask('127.0.0.1', nodePort)).toMatch(/^pod [123]$/);

  const answers = [await ask('127.0.0.1', nodePort), await ask(serviceHost, 8080), await ask('127.0.0.1', nodePort)];
  expect(answers.sort()).toEqual(['pod 1', 'pod 2', 'pod 3']);

  await slices.update(ctx, { ...made, endpoints: [endpoint(1, false), endpoint(2), endpoint(3, false)] });
  await expect
    .poll(async () => new Set([await ask(serviceHost, 8080), await ask(serviceHost, 8080)]), { interval: 5 })
    .toEqual(new Set(['pod 2']));

  await services.delete(ctx, { name: 'web', namespace: 'default' });
  await expect.poll(() => ask('127.0.0.1', nodePort), { interval: 5 }).toBe('refused');
});
