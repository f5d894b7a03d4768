import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import {
  definitionsRef,
  type Gateway,
  type GatewayClass,
  gatewayRefs,
  type HTTPRoute,
  type Listener,
  type ReferenceGrant,
} from '@binnacle/apis-gateway';
import type { Namespace, Secret, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { Clusters } from '@binnacle/client-clusters';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { parseYaml } from '@binnacle/machinery-yaml';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNode, carried, expose, type Networks, networksOf, testIngresses } from './testing/stage.js';

const crds = join(import.meta.dirname, '..', '..', '..', 'libs', 'apis', 'gateway', 'crds');
const abort = new AbortController();
const ctx: Context = { clock: systemClock, logger: silentLogger, signal: abort.signal };
const pods: Server[] = [];
let server: TestApiServer;
let controller: KubeClient;
let client: KubeClient;
let running: Promise<void>;
let base: Networks;

const eventually = (probe: () => unknown) => expect.poll(probe, { interval: 50, timeout: 20_000 });

beforeAll(async () => {
  server = await startTestApiServer();
  controller = createKubeClient(await server.configFor('system:ingress-controller', ['binnacle:ingress-controllers']));
  const ingresses = await testIngresses();
  running = new Clusters(controller, { idleAfter: 1_500, lookFor: 1_000 }).run(ctx, ingresses.settle);
  const { json } = await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name: 'lab' } } });
  base = networksOf(json.spec);
  client = server.client.inCluster('lab');
  await addNode(ctx, client, base);
  for (const [at, name] of ['web', 'blog'].entries()) await serve(name, at + 5);
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await running;
  for (const pod of pods) pod.close();
  await controller.close();
  await server.close();
});

async function serve(name: string, host: number): Promise<void> {
  const pod = createServer((request, response) => response.end(`${name} ${request.url}`));
  pod.listen(8080, carried(`${base.pods}.${host}`));
  await once(pod, 'listening');
  pods.push(pod);
  await expose(ctx, client, name, `${base.pods}.${host}`);
}

const gateways = () => client.resource<Gateway>(gatewayRefs.gateways);
const routes = () => client.resource<HTTPRoute>(gatewayRefs.httproutes);

async function gateway(name: string, listeners: Listener[]): Promise<void> {
  const metadata = { name, namespace: 'default' };
  const spec = { gatewayClassName: 'binnacle', listeners };
  await gateways().create(ctx, { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata, spec });
}

async function route(name: string, spec: HTTPRoute['spec']): Promise<void> {
  const metadata = { name, namespace: 'default' };
  await routes().create(ctx, { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata, spec });
}

/** Gives a Gateway its address, as the cloud's controller does. */
async function give(name: string, host: number): Promise<string> {
  const services = client.resource<Service>(refs.services);
  const service = { namespace: 'default', name: `gateway-${name}` };
  await eventually(() => services.get(ctx, service).then(() => 'made')).toBe('made');
  const ip = carried(`${base.nodes}.${host}`);
  await services.patch(ctx, service, 'merge', { status: { loadBalancer: { ingress: [{ ip }] } } }, 'status');
  return ip;
}

async function ask(address: string, host: string, path = '/', port = 80): Promise<string> {
  try {
    const request = httpRequest({ host: address, port, path, headers: { host }, agent: false }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return response.statusCode === 200 ? text : String(response.statusCode);
  } catch {
    return 'refused';
  }
}

const conditions = (list: { type: string; status: string; reason: string }[] = []) =>
  Object.fromEntries(list.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
const gatewayConditions = async (name: string) =>
  conditions((await gateways().get(ctx, { name, namespace: 'default' })).status?.conditions);
const routeConditions = async (name: string) =>
  conditions((await routes().get(ctx, { name, namespace: 'default' })).status?.parents[0]?.conditions);

test('the kinds may be defined at any time, and the class is made then', async () => {
  const definitions = client.resource<UnstructuredObject>(definitionsRef);
  for (const file of readdirSync(crds).filter((name) => name.endsWith('.yaml')))
    await definitions.create(
      ctx,
      parseYaml(readFileSync(join(crds, file), 'utf8')).value as unknown as UnstructuredObject,
    );
  const classes = client.resource<GatewayClass>(gatewayRefs.gatewayclasses);
  const status = async () => conditions((await classes.get(ctx, { name: 'binnacle' })).status?.conditions);
  await eventually(() => status().catch(() => undefined)).toEqual({ Accepted: 'True Accepted' });
  const { status: said } = await classes.get(ctx, { name: 'binnacle' });
  expect(said?.supportedFeatures?.map(({ name }) => name)).toContain('HTTPRoute');
});

test('a Gateway is given an address, and its routes are served there', async () => {
  await gateway('edge', [{ name: 'http', port: 80, protocol: 'HTTP' }]);
  await eventually(() => gatewayConditions('edge')).toMatchObject({
    Accepted: 'True Accepted',
    Programmed: 'False AddressNotAssigned',
  });
  const address = await give('edge', 90);
  await eventually(() => gatewayConditions('edge')).toMatchObject({ Programmed: 'True Programmed' });
  await route('shop', {
    parentRefs: [{ name: 'edge' }],
    hostnames: ['shop.example.com'],
    rules: [
      { matches: [{ path: { type: 'PathPrefix', value: '/blog' } }], backendRefs: [{ name: 'blog', port: 80 }] },
      { backendRefs: [{ name: 'web', port: 80 }] },
    ],
  });
  await eventually(() => ask(address, 'shop.example.com', '/cart')).toBe('web /cart');
  expect(await ask(address, 'shop.example.com', '/blog/1')).toBe('blog /blog/1');
  expect(await ask(address, 'other.example.com')).toBe('404');
  await eventually(() => routeConditions('shop')).toEqual({
    Accepted: 'True Accepted',
    ResolvedRefs: 'True ResolvedRefs',
  });
  const { status } = await gateways().get(ctx, { name: 'edge', namespace: 'default' });
  expect(status?.addresses).toEqual([{ type: 'IPAddress', value: address }]);
  expect(status?.listeners?.[0]).toMatchObject({ name: 'http', attachedRoutes: 1 });
});

test('what a route cannot have is said of it, and answered', async () => {
  await route('broken', {
    parentRefs: [{ name: 'edge' }],
    hostnames: ['broken.example.com'],
    rules: [{ backendRefs: [{ name: 'nobody', port: 80 }] }],
  });
  await eventually(() => routeConditions('broken')).toEqual({
    Accepted: 'True Accepted',
    ResolvedRefs: 'False BackendNotFound',
  });
  const { status } = await gateways().get(ctx, { name: 'edge', namespace: 'default' });
  const address = status?.addresses?.[0]?.value ?? '';
  expect(await ask(address, 'broken.example.com')).toBe('500');
  await route('lost', { parentRefs: [{ name: 'edge', sectionName: 'nowhere' }] });
  await eventually(() => routeConditions('lost')).toMatchObject({ Accepted: 'False NoMatchingParent' });
});

test('a certificate of another namespace is shown as soon as that grants it', async () => {
  const namespace = 'certificates';
  await client
    .resource<Namespace>(refs.namespaces)
    .create(ctx, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const { certificate, key } = await server.authority.issue({ commonName: 'granted', hosts: ['shop.example.com'] });
  const encode = (text: string) => Buffer.from(text).toString('base64');
  await client.resource<Secret>(refs.secrets).create(ctx, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'shop', namespace },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': encode(certificate), 'tls.key': encode(key) },
  });
  const tls = { certificateRefs: [{ name: 'shop', namespace }] };
  await gateway('secure', [{ name: 'https', port: 443, protocol: 'HTTPS', tls }]);
  const listener = async () =>
    conditions(
      (await gateways().get(ctx, { name: 'secure', namespace: 'default' })).status?.listeners?.[0]?.conditions,
    );
  await eventually(listener).toMatchObject({ ResolvedRefs: 'False RefNotPermitted', Programmed: 'False Invalid' });
  await client.resource<ReferenceGrant>(gatewayRefs.referencegrants).create(ctx, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'ReferenceGrant',
    metadata: { name: 'gateways', namespace },
    spec: {
      from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default' }],
      to: [{ group: '', kind: 'Secret' }],
    },
  });
  const address = await give('secure', 91);
  await eventually(listener).toMatchObject({ ResolvedRefs: 'True ResolvedRefs', Programmed: 'True Programmed' });
  const shown = async () => {
    try {
      const socket = connectTls({
        host: address,
        port: 443,
        servername: 'shop.example.com',
        rejectUnauthorized: false,
      });
      await once(socket, 'secureConnect');
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      return subject.CN;
    } catch {
      return 'refused';
    }
  };
  await eventually(shown).toBe('granted');
});

test('another port is opened where a listener asks for it, and what is deleted is closed', async () => {
  const edge = await gateways().get(ctx, { name: 'edge', namespace: 'default' });
  const address = edge.status?.addresses?.[0]?.value ?? '';
  const listeners = [...edge.spec.listeners, { name: 'other', port: 8080, protocol: 'HTTP' }];
  await gateways().patch(ctx, { name: 'edge', namespace: 'default' }, 'merge', { spec: { listeners } });
  await eventually(() => ask(address, 'shop.example.com', '/', 8080)).toBe('web /');
  const services = client.resource<Service>(refs.services);
  const ports = async () =>
    (await services.get(ctx, { name: 'gateway-edge', namespace: 'default' })).spec?.ports?.map(({ port }) => port);
  await eventually(ports).toEqual([80, 8080]);
  await gateways().delete(ctx, { name: 'edge', namespace: 'default' });
  await eventually(() => ask(address, 'shop.example.com')).toBe('refused');
});
