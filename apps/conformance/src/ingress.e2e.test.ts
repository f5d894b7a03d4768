import { once } from 'node:events';
import { systemClock } from '@binnacle/process-lifecycle';
import { TestAuthority } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { type Cluster, eventually, findKubectl, Kubectl, startCluster } from './index.js';
import { Clients } from './ingress/clients.js';

const path = findKubectl() ?? '';
const SLOT = 26;
const IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.55';
const NETEXEC = ['--', '/agnhost', 'netexec', '--http-port=8080'];
const ENTRANCE = ['-n', 'kube-system', 'service', 'ingress-controller'];
interface Addressed {
  readonly status: { readonly loadBalancer?: { readonly ingress?: ReadonlyArray<{ readonly ip?: string }> } };
}
interface Events {
  readonly items: ReadonlyArray<{ readonly reason: string; readonly message: string }>;
}
interface Pods {
  readonly items: ReadonlyArray<{ readonly status: { readonly podIP: string } }>;
}

let cluster: Cluster;
let kubectl: Kubectl;
let authority: TestAuthority;
let clients: Clients;

const addressOf = ({ status }: Addressed): string | undefined => status.loadBalancer?.ingress?.[0]?.ip;

function apply(...items: readonly object[]): void {
  const { status, stderr } = kubectl.try(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
  if (status !== 0) throw new Error(stderr);
}

const backend = (service: string) => ({ service: { name: service, port: { number: 80 } } });

/** `host/path` to Service; `=host/path` is exact, `~host/path` as the implementation likes. */
function ingress(
  name: string,
  rules: Record<string, string>,
  more: { annotations?: Record<string, string>; spec?: object } = {},
) {
  const types: Record<string, string> = { '=': 'Exact', '~': 'ImplementationSpecific' };
  const annotations = Object.fromEntries(
    Object.entries(more.annotations ?? {}).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
  );
  const written = Object.entries(rules).map(([text, service]) => {
    const rest = types[text[0] ?? ''] ? text.slice(1) : text;
    const at = rest.indexOf('/');
    const pathType = types[text[0] ?? ''] ?? 'Prefix';
    return {
      host: rest.slice(0, at),
      http: { paths: [{ path: rest.slice(at), pathType, backend: backend(service) }] },
    };
  });
  const spec = { ...(written.length > 0 && { rules: written }), ...more.spec };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, annotations }, spec };
}

async function secret(name: string, commonName: string, host: string) {
  const { certificate, key } = await authority.issue({ commonName, hosts: [host] });
  const metadata = { name };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata,
    stringData: { 'tls.crt': certificate, 'tls.key': key },
  };
}

/** Where the cloud has given the entrance its address. */
const entrance = (): Promise<string> =>
  eventually('the entrance has an address', () => addressOf(kubectl.json<Addressed>('get', ...ENTRANCE)));

const podOf = async (url: string) => (await clients.ask(url)).text;

beforeAll(async () => {
  if (!path) return;
  cluster = await startCluster({ slot: SLOT, nodes: 2, web: false });
  kubectl = new Kubectl(path, cluster.kubeconfig);
  authority = await TestAuthority.create(systemClock.now());
  for (const name of ['web', 'blog'])
    kubectl.run('create', 'deployment', name, `--image=${IMAGE}`, '--replicas=2', ...NETEXEC);
  kubectl.run(
    'create',
    'deployment',
    'health',
    `--image=${IMAGE}`,
    '--',
    '/agnhost',
    'grpc-health-checking',
    '--port=5000',
  );
  for (const name of ['web', 'blog', 'health']) {
    const target = name === 'health' ? 5000 : 8080;
    kubectl.run('expose', 'deployment', name, '--port=80', `--target-port=${target}`);
    kubectl.run('rollout', 'status', `deployment/${name}`, '--timeout=120s');
  }
  apply(ingress('shop', { 'shop.example.com/': 'web', 'shop.example.com/blog': 'blog', '*.example.com/': 'blog' }));
  clients = new Clients(await entrance());
  await eventually(
    'the shop is served',
    async () => (await clients.ask('http://shop.example.com/hostname')).status === 200,
  );
});
afterAll(async () => {
  kubectl?.dispose();
  await cluster?.dispose();
});

describe.runIf(path)('Ingresses, asked from the host', () => {
  test('are of the class of the cluster, and say where they are served', async () => {
    expect(kubectl.run('get', 'ingressclass', 'binnacle', '-o', 'jsonpath={.spec.controller}')).toBe(
      'binnacle.dev/ingress-controller',
    );
    expect(kubectl.run('get', 'ingress', 'shop', '-o', 'jsonpath={.spec.ingressClassName}')).toBe('binnacle');
    const address = addressOf(kubectl.json<Addressed>('get', ...ENTRANCE));
    await eventually(
      'the address is told',
      () => addressOf(kubectl.json<Addressed>('get', 'ingress', 'shop')) === address,
    );
    const { items } = kubectl.json<Events>(
      'get',
      'events',
      '--field-selector',
      'involvedObject.kind=Ingress,involvedObject.name=shop',
    );
    expect(items.map(({ reason }) => reason)).toContain('Sync');
  });

  test('lead by host and path to all Pods of a Service in turn', async () => {
    const names = new Set<string>();
    await eventually(
      'both Pods have answered',
      async () => names.add(await podOf('http://shop.example.com/hostname')).size === 2,
    );
    for (const name of names) expect(name).toMatch(/^web-/);
    expect(await podOf('http://other.example.com/hostname')).toMatch(/^blog-/);
    expect(await clients.ask('http://example.org/')).toMatchObject({ status: 404 });
    const { text } = await clients.ask('http://shop.example.com/header?key=X-Forwarded-Host');
    expect(text).toContain('shop.example.com');
  });

  test('what no rule fits goes to the default backend', async () => {
    apply(ingress('rest', {}, { spec: { defaultBackend: backend('blog') } }));
    await eventually(
      'the rest is served',
      async () => (await clients.ask('http://example.org/hostname')).status === 200,
    );
    expect(await podOf('http://example.org/hostname')).toMatch(/^blog-/);
    kubectl.run('delete', 'ingress', 'rest');
    await eventually('the rest is gone', async () => (await clients.ask('http://example.org/')).status === 404);
  });

  test('https is served from a Secret, and from another as soon as that is changed', async () => {
    apply(await secret('certificate', 'first', 'secure.example.org'));
    const tls = [{ hosts: ['secure.example.org'], secretName: 'certificate' }];
    apply(ingress('secure', { 'secure.example.org/': 'web' }, { spec: { tls } }));
    await eventually('the certificate is shown', async () => (await clients.shownTo('secure.example.org')) === 'first');
    expect(await podOf('https://secure.example.org/hostname')).toMatch(/^web-/);
    expect(await clients.ask('http://secure.example.org/a?b')).toMatchObject({
      status: 308,
      headers: { location: 'https://secure.example.org/a?b' },
    });
    apply(await secret('certificate', 'second', 'secure.example.org'));
    await eventually('the new one is shown', async () => (await clients.shownTo('secure.example.org')) === 'second');
    expect(await clients.shownTo('shop.example.com')).toBe('Ingress Controller Fallback Certificate');
  });

  test('paths are rewritten by what a pattern caught', async () => {
    apply(
      ingress('rewritten', { '~app.example.org/app(/|$)(.*)': 'web' }, { annotations: { 'rewrite-target': '/$2' } }),
    );
    await eventually(
      'the app is served',
      async () => (await clients.ask('http://app.example.org/app/hostname')).status === 200,
    );
    expect(await podOf('http://app.example.org/app/echo?msg=hello')).toBe('hello');
  });

  test('a canary is for who has a header, and for a part of all others', async () => {
    apply(ingress('main', { 'canary.example.org/': 'web' }));
    const annotations = { canary: 'true', 'canary-by-header': 'x-canary', 'canary-weight': '0' };
    apply(ingress('canary', { 'canary.example.org/': 'blog' }, { annotations }));
    const asked = async (headers: Record<string, string>) =>
      (await clients.ask('http://canary.example.org/hostname', { headers })).text;
    await eventually('the canary is there', async () => (await asked({ 'x-canary': 'always' })).startsWith('blog-'));
    expect(await asked({})).toMatch(/^web-/);
    kubectl.run('annotate', '--overwrite', 'ingress', 'canary', 'nginx.ingress.kubernetes.io/canary-weight=100');
    await eventually('all go there', async () => (await asked({})).startsWith('blog-'));
    expect(await asked({ 'x-canary': 'never' })).toMatch(/^web-/);
  });

  test('gRPC is carried with its trailers, over TLS', async () => {
    apply(await secret('calls', 'calls', 'grpc.example.org'));
    const tls = [{ hosts: ['grpc.example.org'], secretName: 'calls' }];
    apply(
      ingress(
        'calls',
        { 'grpc.example.org/': 'health' },
        { annotations: { 'backend-protocol': 'GRPC' }, spec: { tls } },
      ),
    );
    await eventually('the certificate is shown', async () => (await clients.shownTo('grpc.example.org')) === 'calls');
    const check = async () =>
      await clients.call('https://grpc.example.org/grpc.health.v1.Health/Check', Buffer.alloc(5));
    const { headers, trailers, body } = await eventually('it answers', async () => {
      const answer = await check();
      return answer.headers[':status'] === 200 ? answer : undefined;
    });
    expect(headers['content-type']).toBe('application/grpc');
    expect(trailers['grpc-status']).toBe('0');
    // A frame of two bytes: status SERVING.
    expect([...body]).toEqual([0, 0, 0, 0, 2, 8, 1]);
  });

  test('WebSockets are carried both ways', async () => {
    const [pod] = kubectl.json<Pods>('get', 'pods', '-l', 'app=web').items;
    const place = (pod?.status.podIP ?? '').replace(/\.\d+$/, '.250');
    const server = new WebSocketServer({ host: place.replace(/^10\./, '127.'), port: 8080 });
    await once(server, 'listening');
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(`you said ${String(data)}`)));
    apply(
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'chat' }, spec: { ports: [{ port: 80 }] } },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'chat-1', labels: { 'kubernetes.io/service-name': 'chat' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [place] }],
        ports: [{ port: 8080, name: '', protocol: 'TCP' }],
      },
      ingress('chat', { 'chat.example.org/': 'chat' }),
    );
    const address = addressOf(kubectl.json<Addressed>('get', ...ENTRANCE)) ?? '';
    const socket = await eventually('the chat is open', async () => {
      const opening = new WebSocket(`ws://${address}/`, { headers: { host: 'chat.example.org' } });
      await once(opening, 'open');
      return opening;
    });
    socket.send('hello');
    expect(String((await once(socket, 'message'))[0])).toBe('you said hello');
    socket.close();
    server.close();
  });

  test('who has no Pods says so, and is served as soon as there are some', async () => {
    kubectl.run('scale', 'deployment', 'blog', '--replicas=0');
    await eventually('nobody is ready', async () => {
      const { status, text } = await clients.ask('http://other.example.com/hostname');
      return status === 503 && text === 'no endpoint of the Service default/blog is ready\n';
    });
    kubectl.run('scale', 'deployment', 'blog', '--replicas=2');
    await eventually(
      'somebody is',
      async () => (await clients.ask('http://other.example.com/hostname')).status === 200,
    );
  });

  test('what cannot be done is told by an Event', async () => {
    apply(
      ingress('wrong', { 'wrong.example.org/': 'nobody' }, { annotations: { 'configuration-snippet': 'return 200;' } }),
    );
    const warned = () =>
      kubectl.json<Events>('get', 'events', '--field-selector', 'involvedObject.name=wrong,type=Warning').items[0]
        ?.message;
    expect(await eventually('the Event is there', warned)).toBe(
      'the annotation configuration-snippet is not known here; there is no Service default/nobody',
    );
    expect(await clients.ask('http://wrong.example.org/')).toMatchObject({ status: 503 });
  });

  test('the controller may be killed: it is back by itself, with everything', async () => {
    cluster.kill('ingress-controller');
    await eventually('it answers again', async () =>
      (await podOf('http://shop.example.com/hostname')).startsWith('web-'),
    );
    await eventually('over TLS too', async () => (await clients.shownTo('secure.example.org')) === 'second');
  });
});
