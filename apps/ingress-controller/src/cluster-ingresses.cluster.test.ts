import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect as connectTls } from 'node:tls';
import type { Event, Secret, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { Clusters } from '@binnacle/client-clusters';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNode, carried, expose, type Networks, networksOf, testIngresses } from './testing/stage.js';

/** People are those of the cluster `root`, whom the API server follows. */
const KEPT_AWAKE = ['main', 'root'];
const SYSTEM = 'kube-system';
const abort = new AbortController();
const ctx: Context = { clock: systemClock, logger: silentLogger, signal: abort.signal };
const pods: Server[] = [];
let server: TestApiServer;
let controller: KubeClient;
let running: Promise<void>;

interface Lab extends Networks {
  readonly client: KubeClient;
  /** Where its Ingresses are served. */
  readonly entrance: string;
}

beforeAll(async () => {
  server = await startTestApiServer();
  controller = createKubeClient(await server.configFor('system:ingress-controller', ['binnacle:ingress-controllers']));
  const ingresses = await testIngresses();
  running = new Clusters(controller, { idleAfter: 1_500, lookFor: 1_000 }).run(ctx, ingresses.settle);
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await running;
  for (const pod of pods) pod.close();
  await controller.close();
  await server.close();
});

const eventually = (probe: () => unknown) => expect.poll(probe, { interval: 20, timeout: 20_000 });

/** A cluster with a node and an address for its entrance, which somebody gives it. */
async function lab(name: string): Promise<Lab> {
  const { json } = await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name } } });
  const client = server.client.inCluster(name);
  const networks = networksOf(json.spec);
  await addNode(ctx, client, networks);
  const classes = client.resource<IngressClass>(refs.ingressclasses);
  await eventually(() => classes.get(ctx, { name: 'binnacle' }).then(() => 'made')).toBe('made');
  return { client, ...networks, entrance: carried(`${networks.nodes}.99`) };
}

async function startPod({ pods: network }: Lab, host: number, says: string): Promise<void> {
  const pod = createServer((request, response) => response.end(`${says} ${request.url}`));
  pod.listen(8080, carried(`${network}.${host}`));
  await once(pod, 'listening');
  pods.push(pod);
}

const exposeAt = ({ client, pods: network }: Lab, name: string, host: number) =>
  expose(ctx, client, name, `${network}.${host}`);

/** Gives the entrance its address, as the cloud's controller does. */
async function give({ client, entrance }: Lab): Promise<void> {
  const services = client.resource<Service>(refs.services);
  const name = { namespace: SYSTEM, name: 'ingress-controller' };
  await eventually(() => services.get(ctx, name).then(() => 'made')).toBe('made');
  const status = { loadBalancer: { ingress: [{ ip: entrance, ipMode: 'VIP' }] } };
  await services.patch(ctx, name, 'merge', { status }, 'status');
}

async function publish({ client }: Lab, name: string, spec: Ingress['spec']): Promise<void> {
  const metadata = { name, namespace: 'default' };
  await client
    .resource<Ingress>(refs.ingresses)
    .create(ctx, { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec });
}

const rule = (host: string, service: string) => ({
  host,
  http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } }] },
});

async function ask({ entrance }: Lab, host: string, path = '/'): Promise<string> {
  try {
    const request = httpRequest({ host: entrance, port: 80, path, headers: { host }, agent: false }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return response.statusCode === 200 ? text : String(response.statusCode);
  } catch {
    return 'refused';
  }
}

async function shownBy({ entrance }: Lab, servername: string): Promise<string> {
  try {
    const socket = connectTls({ host: entrance, port: 443, servername, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return String(subject.CN);
  } catch {
    return 'refused';
  }
}

async function secret(name: string, commonName: string): Promise<Secret> {
  const { certificate, key } = await server.authority.issue({ commonName, hosts: ['shop.example.com'] });
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const data = { 'tls.crt': encode(certificate), 'tls.key': encode(key) };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default' },
    type: 'kubernetes.io/tls',
    data,
  };
}

test('an Ingress of the default class is served by host and path at the address that it is given, also while the cluster rests', async () => {
  const one = await lab('one');
  await startPod(one, 5, 'web');
  await exposeAt(one, 'web', 5);
  await publish(one, 'shop', { rules: [rule('shop.example.com', 'web')] });
  await give(one);
  await eventually(() => ask(one, 'shop.example.com', '/cart')).toBe('web /cart');
  expect(await ask(one, 'other.example.com')).toBe('404');
  const ingresses = one.client.resource<Ingress>(refs.ingresses);
  const status = async () =>
    (await ingresses.get(ctx, { name: 'shop', namespace: 'default' })).status?.loadBalancer?.ingress;
  await eventually(status).toEqual([{ ip: one.entrance }]);
  const watched = () => server.storage.watched?.() ?? [];
  await eventually(() => watched().filter((name) => !KEPT_AWAKE.includes(name))).toEqual([]);
  expect(await ask(one, 'shop.example.com', '/cart')).toBe('web /cart');
  await startPod(one, 6, 'blog');
  await exposeAt(one, 'blog', 6);
  await publish(one, 'blog', { rules: [rule('blog.example.com', 'blog')] });
  await eventually(() => ask(one, 'blog.example.com')).toBe('blog /');
  expect(await ask(one, 'shop.example.com')).toBe('web /');
});

test('a certificate is shown from the Secret that an Ingress names, and another as soon as that is changed', async () => {
  const tls = await lab('tls');
  const secrets = tls.client.resource<Secret>(refs.secrets);
  const hosts = ['shop.example.com'];
  await publish(tls, 'shop', { rules: [rule('shop.example.com', 'web')], tls: [{ hosts, secretName: 'certificate' }] });
  await give(tls);
  await eventually(() => shownBy(tls, 'shop.example.com')).toBe('Ingress Controller Fallback Certificate');
  const events = tls.client.resource<Event>(refs.events);
  const told = async () =>
    (await events.list(ctx, { namespace: 'default' })).items
      .filter(({ type }) => type === 'Warning')
      .map(({ message }) => message);
  await eventually(told).toEqual([expect.stringContaining('there is no Secret default/certificate')]);
  await secrets.create(ctx, await secret('certificate', 'first'));
  await eventually(() => shownBy(tls, 'shop.example.com')).toBe('first');
  const { data } = await secret('certificate', 'second');
  await secrets.patch(ctx, { name: 'certificate', namespace: 'default' }, 'merge', { data });
  await eventually(() => shownBy(tls, 'shop.example.com')).toBe('second');
  expect(await ask(tls, 'shop.example.com')).toBe('308');
});

test('the controller may read no Secret that nothing names', async () => {
  const { client } = await lab('secrets');
  await client.resource<Secret>(refs.secrets).create(ctx, await secret('password', 'x'));
  const asked = controller.inCluster('secrets').resource<Secret>(refs.secrets);
  await expect(asked.get(ctx, { name: 'password', namespace: 'default' })).rejects.toMatchObject({
    reason: 'Forbidden',
  });
  await expect(asked.list(ctx, { namespace: 'default' })).rejects.toMatchObject({ reason: 'Forbidden' });
  await expect(asked.list(ctx)).rejects.toMatchObject({ reason: 'Forbidden' });
});

test('no Ingress of one cluster leads into another, whatever its endpoints say', async () => {
  const [victim, thief] = [await lab('victim'), await lab('thief')];
  await startPod(victim, 5, 'secret');
  await startPod(thief, 5, 'own');
  await exposeAt(thief, 'own', 5);
  await exposeAt({ ...thief, pods: victim.pods }, 'stolen', 5);
  await publish(thief, 'both', { rules: [rule('own.example.com', 'own'), rule('stolen.example.com', 'stolen')] });
  await give(thief);
  await eventually(() => ask(thief, 'own.example.com')).toBe('own /');
  expect(await ask(thief, 'stolen.example.com')).toBe('503');
});

test('what was served ends with the last Ingress, and with the cluster', async () => {
  const doomed = await lab('doomed');
  await startPod(doomed, 5, 'doomed');
  await exposeAt(doomed, 'web', 5);
  await publish(doomed, 'shop', { rules: [rule('shop.example.com', 'web')] });
  await give(doomed);
  await eventually(() => ask(doomed, 'shop.example.com')).toBe('doomed /');
  await doomed.client.resource<Ingress>(refs.ingresses).delete(ctx, { name: 'shop', namespace: 'default' });
  await eventually(() => ask(doomed, 'shop.example.com')).toBe('refused');
  await publish(doomed, 'again', { rules: [rule('shop.example.com', 'web')] });
  await eventually(() => ask(doomed, 'shop.example.com')).toBe('doomed /');
  await server.raw.call('/clusters/doomed', { method: 'DELETE' });
  await eventually(() => ask(doomed, 'shop.example.com')).toBe('refused');
});
