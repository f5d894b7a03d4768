import { type JsonAnswer, RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const CHANGES = '/apis/history.binnacle.dev/v1/changes';
const OF_TEAM = '/apis/history.binnacle.dev/v1/namespaces/team/changes';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/team/deployments';

let server: TestApiServer;
let start: number;

type Json = JsonAnswer['json'];

const get = (path: string, accept = 'application/json') => server.raw.call(path, { headers: { accept } });
const post = (path: string, body: object, headers = {}) => server.raw.call(path, { method: 'POST', body, headers });
const deployment = (name: string, replicas: number) => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
  },
});
const lines = ({ items }: Json): string[] =>
  items.map(({ spec }: Json) => `${spec.verb} ${spec.resource}/${spec.name} ${spec.fields.join(' ')}`.trim());
const select = (selector: string) => `?fieldSelector=${encodeURIComponent(selector)}`;

/** Passes once the clock shows another millisecond than before. */
async function nextMillisecond(): Promise<number> {
  const now = Date.now();
  while (Date.now() <= now + 1) await new Promise(setImmediate);
  return now + 1;
}

async function tell(): Promise<void> {
  await post('/api/v1/namespaces', { metadata: { name: 'team' } });
  start = Number(
    (await post(DEPLOYMENTS, deployment('web', 1), { 'audit-id': 'first' })).json.metadata.resourceVersion,
  );
  const headers = { 'content-type': 'application/merge-patch+json', 'user-agent': 'kubectl/v1.36.0 (linux/amd64)' };
  const body = JSON.stringify({
    spec: { replicas: 3, template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } },
  });
  await server.raw.call(`${DEPLOYMENTS}/web`, { method: 'PATCH', body, headers });
  await server.raw.call(`${DEPLOYMENTS}/web`, { method: 'DELETE' });
  const secret = { metadata: { name: 'keys' }, stringData: { password: 'hunter2' } };
  await post('/api/v1/namespaces/team/secrets', secret);
  await server.raw.call('/api/v1/namespaces/team/secrets/keys', {
    method: 'PATCH',
    body: JSON.stringify({ stringData: { password: 'hunter3' } }),
    headers,
  });
}

beforeAll(async () => {
  server = await startTestApiServer();
  await tell();
});
afterAll(() => server.close());

describe('changes', () => {
  test('of a namespace are listed, the newest first, with what changed', async () => {
    const { status, json } = await get(OF_TEAM);
    expect(status).toBe(200);
    expect(lines(json)).toEqual([
      'update secrets/keys data.password',
      'create secrets/keys',
      'delete deployments/web',
      'update deployments/web spec.replicas spec.template.spec.containers[name=web].image',
      'create deployments/web',
    ]);
    expect(JSON.stringify(json)).not.toMatch(/hunter|aHVudGVy/);
    const [, , , update, create] = json.items;
    expect(update.metadata).toMatchObject({
      name: String(start + 1),
      namespace: 'team',
      resourceVersion: String(start + 1),
    });
    expect(update.spec).toMatchObject({
      revision: start + 1,
      replaces: start,
      group: 'apps',
      kind: 'Deployment',
      user: 'kubernetes-admin',
      userAgent: 'kubectl/v1.36.0 (linux/amd64)',
      requestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(create.spec.requestID).toBe('first');
  });

  test('are found by object, by user, by what was done and by time', async () => {
    const found = async (selector: string) => lines((await get(OF_TEAM + select(selector))).json).length;
    expect(await found('spec.resource=deployments,spec.name=web')).toBe(3);
    expect(await found('spec.group=,spec.name=web')).toBe(0);
    expect(await found('spec.verb=delete')).toBe(1);
    expect(await found('spec.verb=eat')).toBe(0);
    expect(await found('spec.verb!=create')).toBe(3);
    expect(await found('spec.user=kubernetes-admin')).toBe(5);
    expect(await found('spec.user=bob')).toBe(0);
    expect(await found('spec.requestID=first')).toBe(1);
    expect(await found(`metadata.name=${start}`)).toBe(1);
    expect(await found('since=1h')).toBe(5);
    const now = await nextMillisecond();
    expect(await found(`since=${new Date(now).toISOString()}`)).toBe(0);
    expect(await found(`until=${new Date(now).toISOString()}`)).toBe(5);
    expect(await found('until=1h')).toBe(0);
    const refused = await get(OF_TEAM + select('since=lunch'));
    expect([refused.status, refused.json.message]).toEqual([
      400,
      expect.stringMatching(/^since=lunch: neither a time/),
    ]);
    expect((await get(OF_TEAM + select('spec.colour=red'))).status).toBe(400);
  });

  test('come in pages, also of what is far apart', async () => {
    const told: string[] = [];
    let next = '';
    do {
      const page = (await get(`${OF_TEAM}?limit=2${next && `&continue=${next}`}`)).json;
      expect(page.items.length).toBeLessThanOrEqual(2);
      told.push(...lines(page));
      next = page.metadata.continue ?? '';
    } while (next);
    expect(told).toEqual(lines((await get(OF_TEAM)).json));
  });

  test('are read one by one by their revisions, in their namespace', async () => {
    expect((await get(`${OF_TEAM}/${start}`)).json.spec).toMatchObject({ verb: 'create', name: 'web' });
    for (const name of [`${start}x`, '0', '-1', '99999999', String(start - 1)])
      expect((await get(`${OF_TEAM}/${name}`)).status).toBe(404);
  });

  test('of cluster-scoped objects live in the namespace default', async () => {
    const path = '/apis/history.binnacle.dev/v1/namespaces/default/changes';
    const { items } = (await get(path + select('spec.resource=namespaces,spec.name=team'))).json;
    expect(items).toMatchObject([{ metadata: { namespace: 'default' }, spec: { verb: 'create' } }]);
    expect(items[0].spec.namespace).toBeUndefined();
  });

  test('are printed', async () => {
    const { columnDefinitions, rows } = (await get(OF_TEAM + select('spec.verb=delete'), TABLE)).json;
    const shown = columnDefinitions.filter(({ priority }: Json) => priority === 0).map(({ name }: Json) => name);
    expect(shown).toEqual(['Revision', 'Age', 'Verb', 'Resource', 'Name', 'User', 'Client']);
    expect(rows[0].cells.slice(2, 6)).toEqual(['delete', 'deployments.apps', 'web', 'kubernetes-admin']);
  });

  test('are watched, from the beginning and on', async () => {
    const whole = await server.raw.watch(`${OF_TEAM}?watch=true`);
    expect((await whole.next()).object.spec).toMatchObject({ verb: 'create', name: 'web' });
    whole.close();
    const from = (await get(OF_TEAM)).json.metadata.resourceVersion;
    const watch = await server.raw.watch(`${OF_TEAM}?watch=true&resourceVersion=${from}&allowWatchBookmarks=true`);
    await post('/api/v1/namespaces/default/configmaps', { metadata: { name: 'elsewhere' } });
    for (const name of ['one', 'two']) {
      await post('/api/v1/namespaces/team/configmaps', { metadata: { name } });
      const { type, object } = await watch.next();
      expect([type, object.spec.verb, object.spec.name]).toEqual(['ADDED', 'create', name]);
    }
    watch.close();
  });

  test('can be read as of a moment', async () => {
    const { json } = await get(`/clusters/main@${start + 1}${OF_TEAM}`);
    expect(lines(json)).toHaveLength(2);
    expect(json.metadata.resourceVersion).toBe(String(start + 1));
    const watch = await server.raw.watch(`/clusters/main@${start + 1}${OF_TEAM}?watch=true`);
    expect((await watch.next()).object.spec.verb).toBe('create');
    expect((await watch.next()).object.spec.verb).toBe('update');
    watch.close();
  });

  test('tell who set each field', async () => {
    const [{ metadata, spec }] = (await get(OF_TEAM + select('spec.resource=deployments,spec.verb=update'))).json.items;
    const { json } = await get(`${OF_TEAM}/${metadata.name}/blame`);
    expect(json).toMatchObject({ kind: 'Blame', metadata: { name: metadata.name, namespace: 'team' }, complete: true });
    expect(json.changes[0]).toMatchObject({
      revision: spec.revision,
      user: 'kubernetes-admin',
      groups: ['system:masters'],
    });
    const set = new Map(json.fields.map(({ path, revision }: Json) => [path, revision]));
    for (const path of spec.fields) expect(set.get(path)).toBe(spec.revision);
    expect(set.get('metadata.name')).toBe(json.changes.at(-1).revision);
    expect(json.changes.at(-1).verb).toBe('create');
    expect((await get(`${OF_TEAM}/999999/blame`)).status).toBe(404);
    // The past is asked by the revision, not by a moment.
    expect((await get(`/clusters/main@${start}${OF_TEAM}/${start}/blame`)).status).toBe(403);
  });

  test('are written by nobody', async () => {
    for (const [method, path] of [
      ['POST', OF_TEAM],
      ['PUT', `${OF_TEAM}/${start}`],
      ['DELETE', `${OF_TEAM}/${start}`],
    ])
      expect((await server.raw.call(path as string, { method: method as string, body: {} })).status).toBe(405);
  });

  test('are seen by those who may read what was changed', async () => {
    const as = async (name: string, group: string) => {
      const { ca = '', cert = '', key = '' } = await server.configFor(name, [group]);
      return new RawApi({ server: server.url, ca, cert, key });
    };
    const [viewer, editor, node] = [
      await as('eve', 'binnacle:viewers'),
      await as('ed', 'binnacle:editors'),
      await as('system:node:n1', 'system:nodes'),
    ];
    const [first] = (await get(OF_TEAM + select('spec.resource=secrets'))).json.items;
    const blame = `${OF_TEAM}/${first.metadata.name}/blame`;
    expect([(await viewer.call(blame)).status, (await editor.call(blame)).status]).toEqual([404, 200]);
    const resources = async (raw: RawApi) =>
      new Set((await raw.call(OF_TEAM)).json.items.map(({ spec }: Json) => spec.resource));
    expect(await resources(viewer)).toEqual(new Set(['configmaps', 'deployments']));
    expect(await resources(editor)).toEqual(new Set(['configmaps', 'deployments', 'secrets']));
    const secrets = (await get(OF_TEAM + select('spec.resource=secrets'))).json.items;
    expect((await viewer.call(`${OF_TEAM}/${secrets[0].metadata.name}`)).status).toBe(404);
    expect((await node.call(OF_TEAM)).status).toBe(403);
    for (const raw of [viewer, editor, node]) raw.close();
  });

  test('beyond the history that is kept are gone', async () => {
    const { json } = await get(CHANGES);
    const newest = Number(json.metadata.resourceVersion);
    await server.storage.compact({ signal: new AbortController().signal } as never, 'main', newest);
    const gone = await get(`${OF_TEAM}/${start}`);
    expect([gone.status, gone.json.message]).toEqual([
      410,
      expect.stringMatching(/is beyond the history that is kept/),
    ]);
    expect(lines((await get(CHANGES)).json)).toEqual([]);
    const watch = await server.raw.watch(`${CHANGES}?watch=true&resourceVersion=${start}`);
    expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { code: 410 } });
    watch.close();
  });
});
