import { once } from 'node:events';
import { createServer, request, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const PODS = '/api/v1/namespaces/default/pods';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ROLE = `${RBAC}/namespaces/default/roles/streams`;
const ALL = ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/log', 'pods/proxy'];

let server: TestApiServer;
let dev: TestApiServer['admin'];
let kubelet: Server;
let open: Set<Duplex | ServerResponse>;

/** Echoes what is said over a stream, and never comes to the end of a log. */
async function startKubelet(): Promise<Server> {
  const names = { commonName: 'system:node:n', organizations: ['system:nodes'], hosts: ['127.0.0.1'] };
  const { certificate: cert, key } = await server.authority.issue(names);
  const keep = (one: Duplex | ServerResponse) => {
    open.add(one);
    one.on('error', () => undefined);
    one.once('close', () => open.delete(one));
  };
  const listening = createServer({ cert, key, ca: server.authority.certificate, requestCert: true }, (_, answer) => {
    keep(answer);
    answer.write('a line\n');
  });
  listening.on('upgrade', (_: IncomingMessage, socket: Duplex) => {
    keep(socket);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: SPDY/3.1\r\nconnection: Upgrade\r\n\r\n');
    socket.pipe(socket);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return listening;
}

async function send(method: string, path: string, body: object, type = 'application/json'): Promise<void> {
  const answer = await server.raw.call(path, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  if (answer.status >= 300) throw new Error(answer.text);
}

type Rule = { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] };
const allow = (...rules: Rule[]) =>
  send('PUT', ROLE, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'streams' }, rules });
const ofPods = (verbs: string[], resources = ALL): Rule => ({ apiGroups: [''], resources, verbs });

beforeAll(async () => {
  open = new Set();
  server = await startTestApiServer({ storage: 'memory' });
  kubelet = await startKubelet();
  const { port } = kubelet.address() as AddressInfo;
  await send('POST', '/api/v1/nodes', { metadata: { name: 'n' } });
  const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
  const status = { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  await send('PATCH', '/api/v1/nodes/n/status', { status }, 'application/merge-patch+json');
  const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] };
  await send('POST', PODS, { metadata: { name: 'p' }, spec });
  await send('POST', `${RBAC}/namespaces/default/roles`, { metadata: { name: 'streams' }, rules: [] });
  const apiGroup = 'rbac.authorization.k8s.io';
  const subjects = [{ apiGroup, kind: 'User', name: 'dev' }];
  const roleRef = { apiGroup, kind: 'Role', name: 'streams' };
  await send('POST', `${RBAC}/namespaces/default/rolebindings`, { metadata: { name: 'streams' }, roleRef, subjects });
  dev = await server.configFor('dev');
});
beforeEach(() => allow(ofPods(['get', 'create'])));
afterAll(async () => {
  kubelet.close();
  await server.close();
});

function call(method: string, path: string, headers: Record<string, string> = {}) {
  const { ca, cert, key } = dev;
  const calling = request(`${server.url}${PODS}/p/${path}`, { method, ca, cert, key, headers });
  calling.on('error', () => undefined);
  return calling.end();
}

/** A connection over which something has come back. */
async function stream(method: string, path: string): Promise<Duplex> {
  const calling = call(method, path, { connection: 'Upgrade', upgrade: 'SPDY/3.1' });
  const refused = once(calling, 'response').then(([answer]) => {
    throw new Error(`answered ${answer.statusCode}`);
  });
  const upgraded = once(calling, 'upgrade').then(([, socket]) => socket as Duplex);
  const socket = await Promise.race([upgraded, refused]);
  socket.on('error', () => undefined);
  socket.write('hello');
  await once(socket, 'data');
  return socket;
}

test.each([
  ['exec', 'exec?command=ls&stdout=true'],
  ['attach', 'attach?stdout=true'],
  ['port-forward', 'portforward?ports=80'],
])('%s ends when its right does, and goes on while it lasts', async (_, path) => {
  const socket = await stream('POST', path);
  await allow(ofPods(['create']), ofPods(['get'], ['pods/log']));
  socket.write('still');
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await allow(ofPods(['get']));
  await closed;
  await expect.poll(() => open.size).toBe(0);
});

test('what was opened by GET ends when it could not be created any more', async () => {
  const socket = await stream('GET', 'exec?command=ls&stdout=true');
  const closed = once(socket, 'close');
  await allow(ofPods(['get']));
  await closed;
});

test('a log that is followed ends with its right', async () => {
  const [answer] = (await once(call('GET', 'log?follow=true'), 'response')) as [IncomingMessage];
  await once(answer, 'data');
  const ended = once(answer.resume(), 'end');
  await allow(ofPods(['create']));
  await ended;
  await expect.poll(() => open.size).toBe(0);
});

test("streams of who is not believed any more end, and nobody else's", async () => {
  const socket = await stream('POST', 'exec?command=ls&stdout=true');
  server.parts.openRights.revoke({ user: 'somebody-else' });
  socket.write('still');
  await once(socket, 'data');
  const closed = once(socket, 'close');
  server.parts.openRights.revoke({ user: 'dev' });
  await closed;
  (await stream('POST', 'exec?command=ls&stdout=true')).destroy();
  await expect.poll(() => server.parts.openRights.size).toBe(0);
});
