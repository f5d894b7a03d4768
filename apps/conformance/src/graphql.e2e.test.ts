import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { findChromium, startBrowser, WatchedPage } from './browser.js';
import { type Cluster, eventually, signIn, startCluster, type WebSession } from './index.js';

interface Answer {
  readonly data?: Record<string, unknown>;
  readonly errors?: ReadonlyArray<{ readonly message: string; readonly extensions?: { readonly code?: string } }>;
}

let cluster: Cluster;
let session: WebSession;

beforeAll(async () => {
  cluster = await startCluster({ slot: 3, nodes: 2 });
  session = await signIn(cluster);
});

afterAll(() => cluster?.dispose());

async function ask(
  query: string,
  variables: object = {},
  headers: Readonly<Record<string, string>> = session.headers,
): Promise<Answer> {
  const response = await fetch(`${cluster.webUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

function connect(): Client {
  class SignedInSocket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { headers: session.headers });
    }
  }
  return createClient({
    url: `${cluster.webUrl.replace('http', 'ws')}/graphql`,
    webSocketImpl: SignedInSocket,
    retryAttempts: 0,
  });
}

interface Change {
  readonly type: string;
  readonly resourceVersion: string;
  readonly object: { readonly metadata: { readonly name: string }; readonly data?: Record<string, string> } | null;
}

const CHANGES =
  'subscription ($from: String) { configMaps(namespace: "default", resourceVersion: $from) { type resourceVersion object { metadata { name } data } } }';

/** Subscribes, and gathers what changes until enough has come. */
function gather(
  client: Client,
  from: string | undefined,
  enough: (changes: readonly Change[]) => boolean,
): Promise<Change[]> {
  const changes: Change[] = [];
  return new Promise((resolve, reject) => {
    const stop = client.subscribe<{ configMaps: Change }>(
      { query: CHANGES, variables: { from } },
      {
        next: ({ data }) => {
          if (data && data.configMaps.type !== 'BOOKMARK') changes.push(data.configMaps);
          if (enough(changes)) stop();
        },
        error: reject,
        complete: () => resolve(changes),
      },
    );
  });
}

const apply = (name: string, data: Record<string, string>) =>
  ask('mutation ($manifest: JSON!) { apply(manifest: $manifest) { metadata { name resourceVersion } } }', {
    manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data },
  });

test('no Pod and no template becomes a process of the machine', async () => {
  const owned = join(cluster.dataDir, 'owned');
  const annotations = { 'kubernetes.io/config.source': 'file' };
  const containers = [{ name: 'c', image: 'busybox', command: ['touch', owned] }];
  const spec = { nodeName: 'control-plane', hostNetwork: true, containers };
  const labels = { app: 'owner' };
  const template = { metadata: { labels, annotations }, spec };
  const manifests = [
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'owner', annotations }, spec },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'owners' },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
    },
  ];
  for (const manifest of manifests)
    await ask('mutation ($manifest: JSON!) { apply(manifest: $manifest) { kind } }', { manifest });
  const query = `{
    pod(name: "owner") { status { reason } }
    deployment(name: "owners") { replicaSets { pods { status { reason } } } }
  }`;
  const count = async () => JSON.stringify((await ask(query)).data).split('StaticPodsOnly').length - 1;
  await eventually('both are rejected', async () => (await count()) >= 2);
  await ask('mutation { delete(kind: "Deployment", apiVersion: "apps/v1", name: "owners") }');
  expect(existsSync(owned)).toBe(false);
});

test('nobody asks anything without signing in', async () => {
  const answer = await ask('{ whoami }', {}, {});
  expect(JSON.stringify(answer)).toContain('Unauthorized');
});

test('typed queries follow relations from Deployments to Nodes', async () => {
  const template = {
    metadata: { labels: { app: 'shop' } },
    spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }] },
  };
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shop' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'shop' } }, template },
  };
  expect(await ask('mutation ($manifest: JSON!) { apply(manifest: $manifest) { kind } }', { manifest })).toMatchObject({
    data: { apply: { kind: 'Deployment' } },
  });
  const query = `{ deployment(name: "shop") {
    status { readyReplicas }
    replicaSets { metadata { name } pods { status { phase podIP } node { metadata { name } } owners { kind } } }
    events { reason }
  } }`;
  await eventually('both Pods run', async () => {
    const { data } = await ask(query);
    return (data?.deployment as { status?: { readyReplicas?: number } })?.status?.readyReplicas === 2;
  });
  const { data } = await ask(query);
  expect(data).toMatchObject({
    deployment: {
      replicaSets: [
        {
          pods: [
            { status: { phase: 'Running' }, owners: [{ kind: 'ReplicaSet' }] },
            { node: { metadata: { name: expect.stringMatching(/^worker-/) } } },
          ],
        },
      ],
      events: expect.arrayContaining([{ reason: 'ScalingReplicaSet' }]),
    },
  });
});

test('filters, sorts and pages on the server', async () => {
  for (const name of ['p1', 'p2', 'p3']) await apply(name, { weight: name.slice(1) });
  const page = (after?: string) =>
    ask(
      `query ($after: String) { configMaps(namespace: "default", first: 2, after: $after, sort: [{ path: "data.weight", direction: DESC }],
        filter: { path: "metadata.name", like: "p*" }) { totalCount endCursor hasNextPage nodes { metadata { name } } } }`,
      { after },
    );
  const first = (await page()).data?.configMaps as { endCursor: string };
  expect(first).toMatchObject({
    totalCount: 3,
    hasNextPage: true,
    nodes: [{ metadata: { name: 'p3' } }, { metadata: { name: 'p2' } }],
  });
  expect((await page(first.endCursor)).data?.configMaps).toMatchObject({
    hasNextPage: false,
    nodes: [{ metadata: { name: 'p1' } }],
  });
});

test('scales, restarts, cordons and deletes', async () => {
  const shop = 'apiVersion: "apps/v1", kind: "Deployment", name: "shop"';
  expect((await ask(`mutation { scale(${shop}, replicas: 1) { raw } }`)).data?.scale).toMatchObject({
    raw: { spec: { replicas: 1 } },
  });
  expect(JSON.stringify(await ask(`mutation { restart(${shop}) { raw } }`))).toContain('restartedAt');
  expect((await ask('mutation { cordon(name: "worker-1") { spec { unschedulable } } }')).data).toEqual({
    cordon: { spec: { unschedulable: true } },
  });
  expect((await ask('mutation { uncordon(name: "worker-1") { spec { unschedulable } } }')).data).toEqual({
    uncordon: { spec: { unschedulable: null } },
  });
  expect((await ask(`mutation { delete(${shop}) }`)).data).toEqual({ delete: true });
  const refused = await ask(`mutation { scale(${shop}, replicas: 1) { kind } }`);
  await eventually(
    'it is gone',
    async () =>
      refused.errors?.[0]?.extensions?.code === 'NotFound' ||
      (await ask(`mutation { scale(${shop}, replicas: 1) { kind } }`)).errors !== undefined,
  );
});

test('a subscription shows changes as they happen and goes on after a lost connection with nothing missed or doubled', async () => {
  const before = (await apply('live', { n: '0' })).data?.apply as { metadata: { resourceVersion: string } };
  const first = connect();
  const seen = gather(first, before.metadata.resourceVersion, (changes) => changes.length === 2);
  await apply('live', { n: '1' });
  await apply('live', { n: '2' });
  const changes = await seen;
  expect(changes.map(({ type, object }) => [type, object?.data?.n])).toEqual([
    ['MODIFIED', '1'],
    ['MODIFIED', '2'],
  ]);
  await first.dispose();

  await apply('live', { n: '3' });
  await apply('live', { n: '4' });
  const second = connect();
  const resumed = await gather(second, changes.at(-1)?.resourceVersion, (all) => all.length === 2);
  expect(resumed.map(({ object }) => object?.data?.n)).toEqual(['3', '4']);
  await second.dispose();
});

test('browsers get an explorer', async () => {
  const response = await fetch(`${cluster.webUrl}/graphql`, { headers: { accept: 'text/html', ...session.headers } });
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(await response.text()).toContain('Binnacle GraphQL');
});

const chromiumPath = findChromium();

test.runIf(chromiumPath)('the explorer shows the schema, runs operations and says when one fails', async () => {
  const browser = await startBrowser(chromiumPath ?? '');
  try {
    const context = await browser.newContext();
    const stranger = await WatchedPage.open(context, `${cluster.webUrl}/graphql`);
    await stranger.page.getByRole('link', { name: 'Sign in first' }).waitFor();
    await context.setExtraHTTPHeaders(session.headers);
    const { page, errors } = await WatchedPage.open(context, `${cluster.webUrl}/graphql`);
    const schema = page.getByRole('complementary', { name: 'Schema' });
    await schema.getByText('labelSelector: String').first().waitFor();
    expect(await schema.locator('summary').first().textContent()).toBe('Query');
    await schema.getByRole('button', { name: 'PodPage', exact: true }).first().click();
    await schema.getByText('hasNextPage').waitFor();
    await page.getByLabel('Operation').fill('{ whoami }');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByLabel('Result').getByText('"admin"').waitFor();
    await page.getByLabel('Operation').fill('subscription { pods { nothing } }');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('failed', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Run' }).waitFor();
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});
