import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { RunningControllers } from '@binnacle/client-controller';
import { SharedInformerFactory } from '@binnacle/client-informers';
import { createKubeClient, type KubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import { certificateAuthority, csrApprovingController, csrSigningController } from '@binnacle/control-cluster';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import {
  CertificateManager,
  type KeyPair,
  nodeCredentials,
  PairStore,
  servingCertificate,
} from '@binnacle/node-kubelet';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

const HOUR = 3_600_000;
const TOKEN = 'abcdef.0123456789abcdef';
const abort = new AbortController();
const ctx: Context = { signal: abort.signal, clock: systemClock, logger: silentLogger };
/** The kubelet's time, which the test steps. */
const clock = new FakeClock(Date.now());
const nodeCtx: Context = { ...ctx, clock };
let directory: string;
let server: TestApiServer;
let manager: KubeClient;
let node: KubeClient;

const file = (name: string) => join(directory, name);
const requests = () => server.client.resource<CertificateSigningRequest>(refs.certificatesigningrequests);
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 30 });

async function create(plural: keyof typeof refs, object: object): Promise<void> {
  await server.client.resource(refs[plural]).create(ctx, object as KubeObject as never);
}

/** As kubeadm does it: who has a bootstrap token may ask, and what they ask is approved. */
async function bind(name: string, group: string): Promise<void> {
  const apiGroup = 'rbac.authorization.k8s.io';
  await create('clusterrolebindings', {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: `${name}:${group}`.replaceAll(':', '-') },
    roleRef: { apiGroup, kind: 'ClusterRole', name },
    subjects: [{ apiGroup, kind: 'Group', name: group }],
  });
}

function bootstrapKubeconfig(): void {
  const cluster = {
    server: server.url,
    'certificate-authority-data': Buffer.from(server.authority.certificate).toString('base64'),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'b',
    clusters: [{ name: 'b', cluster }],
    users: [{ name: 'b', user: { token: TOKEN } }],
    contexts: [{ name: 'b', context: { cluster: 'b', user: 'b' } }],
  };
  writeFileSync(file('bootstrap.conf'), JSON.stringify(config));
}

async function startControllers(): Promise<void> {
  manager = createKubeClient(await server.configFor('system:kube-controller-manager', ['system:masters']));
  const informers = new SharedInformerFactory(manager);
  const { authority } = server;
  const files = { certificate: authority.certificate, key: await authority.key(), longest: 20 * HOUR };
  const sign = await certificateAuthority(files);
  const deps = { client: manager, informers };
  const controllers = [csrApprovingController(deps), csrSigningController(deps, sign)];
  informers.start(ctx);
  void new RunningControllers(ctx, controllers).ended;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'node-certificates-'));
  server = await startTestApiServer();
  bootstrapKubeconfig();
  await create('secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-authentication': 'true',
    },
  });
  await bind('system:node-bootstrapper', 'system:bootstrappers');
  await bind('system:certificates.k8s.io:certificatesigningrequests:nodeclient', 'system:bootstrappers');
  await bind('system:certificates.k8s.io:certificatesigningrequests:selfnodeclient', 'system:nodes');
  await startControllers();
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await Promise.all([node?.close(), manager?.close()]);
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const options = () => ({
  nodeName: 'n1',
  kubeconfig: file('kubelet.conf'),
  bootstrapKubeconfig: file('bootstrap.conf'),
  directory: file('pki'),
  rotates: true,
  userAgent: 'kubelet',
  random: () => 0,
});
const whoAmI = async (client: KubeClient) => {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const { body } = await client.raw(nodeCtx, 'POST', path, JSON.stringify(review));
  return JSON.parse(body).status.userInfo;
};
const serial = (pair: KeyPair | undefined) => pair && new X509Certificate(pair.certificate).serialNumber;
const stored = () => serial(new PairStore(file('pki'), 'kubelet-client').current());

test('a machine with a bootstrap token becomes a node, and keeps its key to itself', async () => {
  const credentials = await nodeCredentials(nodeCtx, options());
  node = credentials.client;
  expect(await whoAmI(node)).toMatchObject({
    username: 'system:node:n1',
    groups: ['system:nodes', 'system:authenticated'],
  });
  for (const name of ['kubelet.conf', 'pki/kubelet-client-current.pem'])
    expect(statSync(file(name)).mode & 0o777).toBe(0o600);
  expect(existsSync(file('pki/kubelet-client.key.tmp'))).toBe(false);
  expect(readFileSync(file('kubelet.conf'), 'utf8')).not.toContain(TOKEN);
  const again = createKubeClient(loadKubeconfigFile(file('kubelet.conf')));
  expect((await whoAmI(again)).username).toBe('system:node:n1');
  await again.close();
  void credentials.run(nodeCtx);
});

test('before its certificate ends it has another, and a watch of before goes on', async () => {
  const nodes = server.client.resource(refs.nodes);
  const watch = node.resource(refs.nodes).watch(nodeCtx, { fieldSelector: 'metadata.name=n1' });
  const events = watch[Symbol.asyncIterator]();
  const told = events.next();
  const before = stored();
  await requests().deleteCollection(ctx, {});
  const credential = (await whoAmI(node)).extra['authentication.kubernetes.io/credential-id'];
  for (let hours = 0; hours < 15; hours += 1) {
    clock.step(HOUR);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await poll(stored).not.toBe(before);
  await poll(async () => (await whoAmI(node)).extra['authentication.kubernetes.io/credential-id']).not.toEqual(
    credential,
  );
  const [request] = (await requests().list(ctx)).items;
  expect(request?.spec.username).toBe('system:node:n1');
  await nodes.create(ctx, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } } as never);
  expect((await told).value?.object.metadata.name).toBe('n1');
  await events.return?.(undefined);
});

test('one that begins anew uses what it has', async () => {
  const before = stored();
  const { client } = await nodeCredentials(nodeCtx, { ...options(), bootstrapKubeconfig: '' });
  expect((await whoAmI(client)).username).toBe('system:node:n1');
  expect(stored()).toBe(before);
  await client.close();
});

test('a certificate to be called by is given when somebody approves it', async () => {
  await requests().deleteCollection(ctx, {});
  const given: KeyPair[] = [];
  const serving = new CertificateManager({
    asked: servingCertificate('n1', ['n1', '10.0.0.7']),
    store: new PairStore(file('pki'), 'kubelet-server'),
    client: () => node,
    changed: (pair) => given.push(pair),
  });
  void serving.run(nodeCtx);
  const asked = async () => (await requests().list(ctx)).items[0];
  await poll(asked).toBeDefined();
  const name = (await asked())?.metadata.name ?? '';
  expect([(await asked())?.spec.signerName, given.length]).toEqual(['kubernetes.io/kubelet-serving', 0]);
  const conditions = [{ type: 'Approved', status: 'True', reason: 'Said', message: '' }];
  await requests().patch(ctx, { name }, 'merge', { status: { conditions } }, 'approval');
  await poll(() => given.length).toBe(1);
  const { subject, subjectAltName } = new X509Certificate(given[0]?.certificate ?? '');
  expect([subject, subjectAltName]).toEqual(['O=system:nodes\nCN=system:node:n1', 'DNS:n1, IP Address:10.0.0.7']);
});

test('without a kubeconfig that holds nor a token there is a word for it', async () => {
  const nothing = { ...options(), kubeconfig: file('none.conf'), bootstrapKubeconfig: '', directory: file('other') };
  await expect(nodeCredentials(nodeCtx, nothing)).rejects.toThrow('give --bootstrap-kubeconfig');
});
