import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { FakeClock } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { createClient } from 'graphql-ws';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { graphqlModule } from './graphql.js';
import { liveModule } from './live.js';

const HOUR = 3_600_000;
const IAM = '/clusters/root/apis/iam.binnacle.dev/v1';
const RBAC = 'rbac.authorization.k8s.io';
const PASSWORD = 'a sentence nobody guesses';
// Certificates are of the machine's time, and are shown by real connections.
const clock = new FakeClock(systemClock.now());
let server: TestApiServer;
let nobody: RawApi;
/** The first password of `ann`, made up by an administrator, whose certificate ends in the course of the tests. */
let madeUp: string;
const closing: (() => void)[] = [];

beforeAll(async () => {
  const modules = (...args: Parameters<typeof liveModule>) => [liveModule(...args), graphqlModule(...args)];
  server = await startTestApiServer({ ctx: { clock }, modules });
  nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
  const subjects = [{ apiGroup: RBAC, kind: 'Group', name: 'system:authenticated' }];
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: 'binnacle:viewer' };
  await post(`/apis/${RBAC}/v1/clusterrolebindings`, { metadata: { name: 'all-view' }, roleRef, subjects });
  await post('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'robot' } });
  await post(`${IAM}/users`, { apiVersion: 'iam.binnacle.dev/v1', kind: 'User', metadata: { name: 'ann' }, spec: {} });
  madeUp = (await post(`${IAM}/users/ann/password`, {})).json.password;
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(async () => {
  nobody.close();
  await server.close();
});

type Headers = Readonly<Record<string, string>>;
type Answer = Awaited<ReturnType<RawApi['call']>>;
const post = async (path: string, body: object, headers: Headers = {}, api = server.raw): Promise<Answer> => {
  const answer = await api.call(path, { method: 'POST', body, headers });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer;
};
const cookiesOf = ({ headers }: Answer) => (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');

/** How somebody proves who they are, and when that ends. */
interface Proof {
  readonly config?: Partial<TestApiServer['admin']>;
  readonly headers?: Headers;
  readonly endsAt: number;
}

async function certificate(): Promise<Proof> {
  const config = await server.configFor('jane');
  return { config, endsAt: Date.parse(new X509Certificate(config.cert ?? '').validTo) };
}

async function accountToken(): Promise<Proof> {
  const spec = { expirationSeconds: 600 };
  const { status } = (await post('/api/v1/namespaces/default/serviceaccounts/robot/token', { spec })).json;
  return { headers: bearer(status.token), endsAt: Date.parse(status.expirationTimestamp) };
}

async function personalToken(): Promise<Proof> {
  const endsAt = clock.now() + HOUR;
  const asked = { name: 'ci', scope: {}, expiresAt: new Date(endsAt).toISOString() };
  const { json } = await post(`${IAM}/users/ann/tokens`, asked);
  return { headers: bearer(json.token), endsAt: Date.parse(json.expiresAt) };
}

async function session(): Promise<Proof> {
  const signedIn = await post('/auth/login', { user: 'ann', password: madeUp }, {}, nobody);
  const first = { cookie: cookiesOf(signedIn), 'x-binnacle-csrf': '1' };
  const changed = await post('/auth/password', { password: madeUp, newPassword: PASSWORD }, first, nobody);
  return { headers: { cookie: cookiesOf(changed) }, endsAt: clock.now() + 7 * 24 * HOUR };
}

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** Uses a proof until a minute before its end, so that it does not end sooner. */
async function nearTheEnd({ config, headers = {}, endsAt }: Proof): Promise<void> {
  const api = config ? new RawApi({ server: server.url, ca: server.authority.certificate, ...config }) : nobody;
  while (endsAt - clock.now() > 60_000) {
    clock.step(Math.min(11 * HOUR, endsAt - clock.now() - 60_000));
    expect((await api.call('/api/v1/namespaces/default/configmaps', { headers })).status).toBe(200);
  }
}

/** What somebody has open; each resolves when it has ended. */
async function openEverything({ config = {}, headers = {} }: Proof): Promise<Record<string, Promise<unknown>>> {
  const { ca, cert, key } = { ca: server.authority.certificate, ...config };
  const api = new RawApi({ server: server.url, ca, ...(cert && { cert }), ...(key && { key }) });
  const watch = await api.watch('/api/v1/namespaces/default/configmaps?watch=true', headers);
  expect(watch.status).toBe(200);
  const watched = (async () => {
    for await (const _event of watch);
  })();
  const connection = { transports: ['websocket'], ca, cert, key, extraHeaders: headers };
  const socket = io(server.url, { ...connection, reconnection: false, forceNew: true } as object);
  await new Promise((resolve, reject) => socket.once('connect', () => resolve('')).once('connect_error', reject));
  const query = { id: '1', cluster: 'main', version: 'v1', resource: 'configmaps' };
  expect(await socket.emitWithAck('subscribe', query)).toEqual({ ok: true });
  class Own extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { ca, cert, key, headers } as object);
    }
  }
  const url = `${server.url.replace('https', 'wss')}/graphql`;
  const client = createClient({ url, webSocketImpl: Own, retryAttempts: 0 });
  closing.push(
    () => watch.close(),
    () => socket.disconnect(),
    () => void client.dispose(),
  );
  const changes = client.iterate({ query: 'subscription { configMaps { type } }' });
  await changes.next();
  const closed = new Promise((resolve) => client.on('closed', resolve));
  const following = (async () => {
    for await (const _change of changes);
  })();
  following.catch(() => undefined);
  return { watch: watched, socket: new Promise((resolve) => socket.once('disconnect', resolve)), graphql: closed };
}

test.each([
  ['a token of a service account', accountToken],
  ['a personal token', personalToken],
  ['a certificate', certificate],
  ['a session, however much it is used', session],
])('everything open by %s ends when that does', async (_, prove) => {
  const proof = await prove();
  await nearTheEnd(proof);
  const open = await openEverything(proof);
  const ended = new Set<string>();
  for (const [name, end] of Object.entries(open)) void end.then(() => ended.add(name));
  clock.stepTo(proof.endsAt - 1);
  // A request later than what was sent before: nothing has ended by then.
  const { config, headers = {} } = proof;
  const api = config ? new RawApi({ server: server.url, ca: server.authority.certificate, ...config }) : nobody;
  expect((await api.call('/api/v1/namespaces/default/configmaps', { headers })).status).toBe(200);
  expect([...ended]).toEqual([]);
  clock.step(1);
  await Promise.all(Object.values(open));
  expect((await api.call('/api/v1/namespaces/default/configmaps', { headers })).status).toBe(401);
  expect(server.parts.openRights.size).toBe(0);
});
