import 'reflect-metadata';
import { systemClock } from '@binnacle/process-lifecycle';
import { type AuditEvent, Auditor, type PendingEvent, readAuditPolicy } from '@binnacle/server-audit';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { graphqlModule } from './graphql.js';
import { liveModule } from './live.js';

let server: TestApiServer;
let nobody: RawApi;
let noted: PendingEvent[] = [];

const read = readAuditPolicy({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  rules: [{ level: 'None', users: ['system:apiserver'] }, { level: 'RequestResponse' }],
});
if (read.errors) throw new Error('the policy is refused');
const sink = { take: (pending: PendingEvent) => void noted.push(pending), close: async () => undefined };
const auditor = new Auditor(read.policy, [sink], systemClock);

beforeAll(async () => {
  server = await startTestApiServer({
    storage: 'memory',
    config: { auditor },
    modules: (ctx, parts) => [graphqlModule(ctx, parts), liveModule(ctx, parts)],
  });
  nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
});
afterAll(async () => {
  nobody.close();
  await server.close();
});
beforeEach(() => {
  noted = [];
});

const find = (matches: (event: AuditEvent) => boolean) =>
  noted.find(({ event }) => event.stage === 'ResponseComplete' && matches(event as AuditEvent));
const complete = async (matches: (event: AuditEvent) => boolean): Promise<PendingEvent> => {
  await expect.poll(() => find(matches)).toBeDefined();
  return find(matches) as PendingEvent;
};
const ofVerb = (verb: string, resource?: string) =>
  complete(({ verb: one, objectRef }) => one === verb && objectRef?.resource === resource);
const path = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } });

test('a write is noted with its bodies, by the name its change has', async () => {
  const headers = { 'audit-id': 'my-request', 'user-agent': 'tester' };
  const made = await server.raw.call(path, { method: 'POST', body: configMap('one'), headers });
  expect(made.headers['audit-id']).toBe('my-request');
  const { event, request, response } = await ofVerb('create', 'configmaps');
  expect(event).toMatchObject({
    auditID: 'my-request',
    level: 'RequestResponse',
    requestURI: path,
    user: { username: 'kubernetes-admin' },
    userAgent: 'tester',
    sourceIPs: ['127.0.0.1'],
    objectRef: { resource: 'configmaps', namespace: 'default', apiVersion: 'v1' },
    responseStatus: { code: 201 },
    annotations: { 'authorization.k8s.io/decision': 'allow', 'binnacle.dev/cluster': 'main' },
  });
  expect(String(request?.bytes)).toContain('"a":"b"');
  expect(response?.bytes.map(String).join('')).toContain('"uid"');
});

test('a refusal is noted with who was refused, and why', async () => {
  const viewer = new RawApi(await server.configFor('eve'));
  await viewer.call(path, { method: 'POST', body: configMap('two') });
  viewer.close();
  const { event } = await ofVerb('create', 'configmaps');
  expect(event).toMatchObject({
    user: { username: 'eve' },
    responseStatus: { status: 'Failure', reason: 'Forbidden', code: 403 },
    annotations: { 'authorization.k8s.io/decision': 'forbid' },
  });
});

test('who is not known is noted as nobody', async () => {
  await nobody.call('/api/v1/pods', { headers: { authorization: 'Bearer hunter2' } });
  const { event } = await ofVerb('list', 'pods');
  expect(event).toMatchObject({ user: { username: 'system:anonymous' }, responseStatus: { code: 401 } });
  expect(JSON.stringify(noted)).not.toContain('hunter2');
});

test('who asks as another is noted with them', async () => {
  await server.raw.call('/api/v1/nodes', { headers: { 'impersonate-user': 'ada' } });
  const { event } = await ofVerb('list', 'nodes');
  expect(event).toMatchObject({ user: { username: 'kubernetes-admin' }, impersonatedUser: { username: 'ada' } });
});

test('Secrets, tokens and passwords are not noted', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'hunter2' } };
  await server.raw.call('/api/v1/namespaces/default/secrets', { method: 'POST', body: secret });
  await server.raw.call('/api/v1/namespaces/default/secrets');
  await nobody.call('/auth/login', { method: 'POST', body: { user: 'ada', password: 'hunter2' } });
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'hunter2' } };
  await server.raw.call('/apis/authentication.k8s.io/v1/tokenreviews', { method: 'POST', body: review });
  await ofVerb('create', 'tokenreviews');
  const { event } = await complete(({ requestURI }) => requestURI === '/auth/login');
  expect(event).toMatchObject({ verb: 'post', sourceIPs: ['127.0.0.1'] });
  const everything = noted.map(({ request, response, ...rest }) => [
    JSON.stringify(rest),
    request?.bytes.join(''),
    response?.bytes.join(''),
  ]);
  expect(JSON.stringify(everything)).not.toContain('hunter2');
  expect(JSON.stringify(everything)).not.toContain(Buffer.from('hunter2').toString('base64'));
});

test('a watch is noted when it begins and when it ends', async () => {
  // Its lines are no one JSON value.
  await server.raw.call('/api/v1/configmaps?watch=true&timeoutSeconds=1').catch(() => undefined);
  const stages = () => noted.filter(({ event }) => event.verb === 'watch').map(({ event }) => event.stage);
  await expect.poll(stages).toEqual(['RequestReceived', 'ResponseStarted', 'ResponseComplete']);
});

test('what admission says of a Pod is noted with it', async () => {
  const labels = { 'pod-security.kubernetes.io/audit': 'baseline', 'pod-security.kubernetes.io/warn': 'baseline' };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'strict', labels } };
  await server.raw.call('/api/v1/namespaces', { method: 'POST', body: namespace });
  const spec = { hostPID: true, containers: [{ name: 'c', image: 'i' }] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec };
  const made = await server.raw.call('/api/v1/namespaces/strict/pods', { method: 'POST', body: pod });
  expect([made.status, made.headers.warning]).toEqual([
    201,
    '299 - "would violate PodSecurity \\"baseline:latest\\": host namespaces (hostPID=true)"',
  ]);
  const { event } = await ofVerb('create', 'pods');
  expect(event.annotations).toMatchObject({
    'pod-security.kubernetes.io/audit-violations': expect.stringContaining('host namespaces') as string,
    'pod-security.kubernetes.io/enforce-policy': 'privileged:latest',
  });
});

test('what is asked by GraphQL is noted by its kinds', async () => {
  await server.raw.call('/graphql', { method: 'POST', body: { query: '{ nodes { nodes { metadata { name } } } }' } });
  const { event } = await ofVerb('list', 'nodes');
  expect(event).toMatchObject({
    requestURI: '/graphql',
    user: { username: 'kubernetes-admin' },
    responseStatus: { code: 200 },
  });
});

test('what is watched by Socket.IO is noted by its kind', async () => {
  const { ca, cert, key } = server.admin;
  const socket = io(server.url, { transports: ['websocket'], ca, cert, key, forceNew: true } as object);
  await new Promise((resolve) => socket.once('connect', () => resolve(undefined)));
  await socket.emitWithAck('subscribe', { id: '1', cluster: 'main', version: 'v1', resource: 'services' });
  socket.disconnect();
  const { event } = await complete(({ objectRef }) => objectRef?.resource === 'services');
  expect(event).toMatchObject({ requestURI: '/socket.io', user: { username: 'kubernetes-admin' } });
});
