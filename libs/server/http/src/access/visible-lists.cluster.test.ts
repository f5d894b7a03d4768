import { type OpenWatch, RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const VISIBLE = { 'binnacle-visible': 'true' };
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const NAMESPACES = ['a', 'b', 'c'];

let server: TestApiServer;
let ada: RawApi;
const watches: OpenWatch[] = [];

beforeAll(async () => {
  server = await startTestApiServer();
  const resources = ['configmaps', 'namespaces', 'nodes'];
  const rules = [{ apiGroups: [''], resources, verbs: ['get', 'list', 'watch'] }];
  await post(`${RBAC}/clusterroles`, { metadata: { name: 'sees' }, rules });
  for (const name of NAMESPACES) await post('/api/v1/namespaces', { metadata: { name } });
  for (const namespace of NAMESPACES) for (const name of ['one', 'two']) await configMap(namespace, name);
  ada = new RawApi(await server.configFor('ada'));
});
beforeEach(() => grant('a'));
afterEach(async () => {
  for (const watch of watches.splice(0)) watch.close();
  for (const namespace of NAMESPACES) await revoke(namespace).catch(() => undefined);
  await server.raw.call(`${RBAC}/clusterrolebindings/ada`, { method: 'DELETE' });
});
afterAll(async () => {
  ada.close();
  await server.close();
});

async function post(path: string, body: object) {
  const answer = await server.raw.call(path, { method: 'POST', body });
  if (answer.status > 201) throw new Error(answer.text);
  return answer.json;
}

const configMap = (namespace: string, name: string, labels: object = {}) =>
  post(`/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name, labels } });

const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'sees' };
const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ada' }];
const grant = (namespace: string) =>
  post(`${RBAC}/namespaces/${namespace}/rolebindings`, { metadata: { name: 'ada' }, roleRef, subjects });
const grantAll = () => post(`${RBAC}/clusterrolebindings`, { metadata: { name: 'ada' }, roleRef, subjects });
async function revoke(namespace: string) {
  const path = `${RBAC}/namespaces/${namespace}/rolebindings/ada`;
  const { status, text } = await server.raw.call(path, { method: 'DELETE' });
  if (status !== 200) throw new Error(text);
}

type Item = { metadata: { namespace?: string; name: string } };
const nameOf = ({ metadata: { namespace, name } }: Item) => (namespace ? `${namespace}/${name}` : name);
const namesIn = (items: readonly Item[]) => items.map(nameOf).filter((name) => !name.endsWith('kube-root-ca.crt'));

async function list(path: string, headers: Record<string, string> = VISIBLE) {
  const { status, json } = await ada.call(path, { headers });
  return status === 200 ? json : { status, reason: json.reason };
}

async function watch(path: string, headers: Record<string, string> = VISIBLE) {
  const opened = await ada.watch(path, headers);
  watches.push(opened);
  return opened;
}

/** Events up to the first that a test waits for, without those of what everybody has. */
async function until(opened: OpenWatch, last: string): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const { type, object } = await opened.next();
    const said =
      type === 'BOOKMARK' ? 'BOOKMARK' : type === 'ERROR' ? `ERROR ${object.code}` : `${type} ${nameOf(object)}`;
    if (!said.includes('kube-root-ca.crt')) seen.push(said);
    if (said === last) return seen;
  }
}

test('without being asked to, a list across namespaces is refused as upstream refuses it', async () => {
  expect(await list('/api/v1/configmaps', {})).toEqual({ status: 403, reason: 'Forbidden' });
  expect(await list('/api/v1/configmaps?watch=true', {})).toEqual({ status: 403, reason: 'Forbidden' });
  expect(await list('/api/v1/configmaps', { 'binnacle-visible': 'no' })).toEqual({ status: 403, reason: 'Forbidden' });
});

test('who asks for it gets what they may see, in every form, and no sign of the rest', async () => {
  expect(namesIn((await list('/api/v1/configmaps')).items)).toEqual(['a/one', 'a/two']);
  expect(namesIn((await list('/api/v1/namespaces')).items)).toEqual(['a']);
  const table = { ...VISIBLE, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  const { rows } = await list('/api/v1/configmaps', table);
  expect(namesIn(rows.map(({ object }: { object: Item }) => object))).toEqual(['a/one', 'a/two']);
  const partial = { ...VISIBLE, accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
  expect(namesIn((await list('/api/v1/configmaps', partial)).items)).toEqual(['a/one', 'a/two']);
  const first = await list('/api/v1/configmaps?limit=1');
  const all = (await list('/api/v1/configmaps')).items.length;
  expect(first.metadata.remainingItemCount).toBe(all - 1);
  expect(Buffer.from(first.metadata.continue, 'base64url').toString()).toContain('"start":"a/');
  const rest = await list(`/api/v1/configmaps?limit=500&continue=${first.metadata.continue}`);
  expect([rest.items.length, rest.metadata.continue]).toEqual([all - 1, undefined]);
});

test('what is selected out of sight is nothing', async () => {
  for (const selector of [
    'metadata.namespace=b',
    'metadata.name=one,metadata.namespace=c',
    'metadata.namespace=none',
  ]) {
    expect((await list(`/api/v1/configmaps?fieldSelector=${selector}`)).items, selector).toEqual([]);
  }
  expect(namesIn((await list('/api/v1/configmaps?fieldSelector=metadata.name=one')).items)).toEqual(['a/one']);
  expect(await list('/api/v1/namespaces/b/configmaps')).toMatchObject({ status: 403 });
  expect(await list('/api/v1/nodes')).toMatchObject({ status: 403 });
  expect(await list('/apis/rbac.authorization.k8s.io/v1/clusterroles')).toMatchObject({ status: 403 });
});

test('who may see nothing is refused, and who may see all is not narrowed', async () => {
  await revoke('a');
  expect(await list('/api/v1/configmaps')).toMatchObject({ status: 403 });
  await grantAll();
  expect(namesIn((await list('/api/v1/configmaps')).items)).toEqual(
    expect.arrayContaining(['a/one', 'b/one', 'c/two']),
  );
});

test('a watch tells what comes into sight and what goes out of it', async () => {
  const { metadata } = await list('/api/v1/configmaps');
  const path = `/api/v1/configmaps?watch=true&allowWatchBookmarks=true&resourceVersion=${metadata.resourceVersion}`;
  const opened = await watch(path);
  await grant('b');
  expect(await until(opened, 'BOOKMARK')).toEqual(['ADDED b/one', 'ADDED b/two', 'BOOKMARK']);
  await configMap('c', 'unseen');
  await configMap('b', 'three');
  expect(await until(opened, 'ADDED b/three')).toEqual(['ADDED b/three']);
  await revoke('a');
  expect(await until(opened, 'BOOKMARK')).toEqual(['DELETED a/one', 'DELETED a/two', 'BOOKMARK']);
  await revoke('b');
  await expect(opened.next()).rejects.toThrow('the watch has ended');
  expect(await list(path)).toMatchObject({ status: 403 });
});

test('a watch of Namespaces follows too', async () => {
  const opened = await watch('/api/v1/namespaces?watch=true&allowWatchBookmarks=true');
  expect(await until(opened, 'ADDED a')).toEqual(['ADDED a']);
  await grant('c');
  expect(await until(opened, 'BOOKMARK')).toEqual(['ADDED c', 'BOOKMARK']);
});

test('who comes back after a grant is told to list anew', async () => {
  const { metadata } = await list('/api/v1/configmaps');
  await configMap('a', 'later');
  const path = (version: string) => `/api/v1/configmaps?watch=true&resourceVersion=${version}`;
  expect(await until(await watch(path(metadata.resourceVersion)), 'ADDED a/later')).toEqual(['ADDED a/later']);
  await grant('b');
  expect(await until(await watch(path(metadata.resourceVersion)), 'ERROR 410')).toEqual(['ERROR 410']);
  const again = await list('/api/v1/configmaps');
  await configMap('b', 'later');
  expect(await until(await watch(path(again.metadata.resourceVersion)), 'ADDED b/later')).toEqual(['ADDED b/later']);
});

test('a watch in one namespace ends with its right, and one that keeps it goes on', async () => {
  await grant('b');
  const [kept, lost] = [
    await watch('/api/v1/namespaces/a/configmaps?watch=true', {}),
    await watch('/api/v1/namespaces/b/configmaps?watch=true', {}),
  ];
  await until(lost, 'ADDED b/two');
  await revoke('b');
  await expect(until(lost, 'nothing')).rejects.toThrow('the watch has ended');
  await configMap('a', 'goes-on');
  expect(await until(kept, 'ADDED a/goes-on')).toContain('ADDED a/goes-on');
});

test('a watch ends when whoever opened it is not believed any more', async () => {
  const opened = await watch('/api/v1/namespaces/a/configmaps?watch=true', {});
  await until(opened, 'ADDED a/two');
  server.parts.openRights.revoke({ user: 'bob' });
  server.parts.openRights.revoke({ user: 'ada', cluster: 'lab' });
  await configMap('a', 'still');
  await until(opened, 'ADDED a/still');
  server.parts.openRights.revoke({ user: 'ada' });
  await expect(until(opened, 'nothing')).rejects.toThrow('the watch has ended');
});

test('who acts as another loses that with the right to', async () => {
  const role = {
    metadata: { name: 'acts' },
    rules: [{ apiGroups: [''], resources: ['users'], verbs: ['impersonate'] }],
  };
  await post(`${RBAC}/clusterroles`, role);
  const binding = { metadata: { name: 'acts' }, roleRef: { ...roleRef, name: 'acts' } };
  await post(`${RBAC}/clusterrolebindings`, { ...binding, subjects: [{ ...subjects[0], name: 'bob' }] });
  const bob = new RawApi(await server.configFor('bob'));
  const opened = await bob.watch('/api/v1/namespaces/a/configmaps?watch=true', { 'impersonate-user': 'ada' });
  watches.push(opened);
  await until(opened, 'ADDED a/two');
  await server.raw.call(`${RBAC}/clusterrolebindings/acts`, { method: 'DELETE' });
  await expect(until(opened, 'nothing')).rejects.toThrow('the watch has ended');
  bob.close();
});

test('changes are those of what one may see', async () => {
  const path = '/apis/history.binnacle.dev/v1/changes?limit=500';
  const changesOf = async () => {
    const { items } = await list(path);
    return new Set(items.map(({ spec }: { spec: { namespace?: string } }) => spec.namespace ?? ''));
  };
  const rules = [{ apiGroups: ['history.binnacle.dev'], resources: ['changes'], verbs: ['get', 'list', 'watch'] }];
  await post(`${RBAC}/namespaces/a/roles`, { metadata: { name: 'changes' }, rules });
  const ref = { ...roleRef, kind: 'Role', name: 'changes' };
  await post(`${RBAC}/namespaces/a/rolebindings`, { metadata: { name: 'changes' }, roleRef: ref, subjects });
  expect(await changesOf()).toEqual(new Set(['a']));
  const opened = await watch('/apis/history.binnacle.dev/v1/changes?watch=true&fieldSelector=since=10m');
  const first = await opened.next();
  expect(first.object.spec.namespace).toBe('a');
  await server.raw.call(`${RBAC}/namespaces/a/rolebindings/changes`, { method: 'DELETE' });
});

test('the cluster can be set so that everybody is answered with what they may see', async () => {
  const set = (visibleLists: boolean) =>
    server.raw.call('/clusters/main', { method: 'PATCH', body: { spec: { visibleLists } } });
  expect(await set(true)).toMatchObject({ status: 200, json: { spec: { visibleLists: true } } });
  expect(namesIn((await list('/api/v1/configmaps', {})).items)).toContain('a/one');
  expect(await set(false)).toMatchObject({ status: 200 });
  expect(await list('/api/v1/configmaps', {})).toMatchObject({ status: 403 });
});
