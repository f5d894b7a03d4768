import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { beforeAll, describe, expect, test } from 'vitest';
import { NodeAuthorizer } from './node-authorizer.js';
import { NodeGraph } from './node-graph.js';
import type { UserInfo } from './user-info.js';

/** Cases in the order of upstream's node_authorizer_test.go, for the kinds that are served. */
const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const storage = new MemoryStorage();
const authorizer = new NodeAuthorizer(new NodeGraph(storage));
const groups = ['system:nodes', 'system:authenticated'];
const node0: UserInfo = { name: 'system:node:node0', groups };
const unregistered: UserInfo = { name: 'system:node:nodeunregistered', groups };
const agent: UserInfo = { name: 'system:node-agent:sim', groups };

async function put(resource: string, object: UnstructuredObject, fields: Record<string, string> = {}): Promise<void> {
  const { namespace = '', name = '' } = object.metadata;
  const key = { cluster: 'main', resource, namespace, name };
  const attributes = { labels: {}, fields };
  await storage.write(ctx, {
    op: 'create',
    key,
    body: encodeBody(object),
    attributes,
    actor: { user: '', client: '' },
  });
}

function podOf(node: string, annotations: Record<string, string> = {}, name = `pod0-${node}`): UnstructuredObject {
  const volumes = [
    { name: 'c', configMap: { name: `configmap0-${name}` } },
    { name: 'p', projected: { sources: [{ configMap: { name: `configmap1-${name}` } }] } },
    { name: 'v', persistentVolumeClaim: { claimName: `pvc0-${name}` } },
    { name: 'e', ephemeral: { volumeClaimTemplate: {} } },
  ];
  const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: `secret0-${name}`, key: 'a' } } }];
  const containers = [{ name: 'a', image: 'i', env, envFrom: [{ secretRef: { name: 'secret0-shared' } }] }];
  const ephemeralContainers = [{ name: 'd', envFrom: [{ configMapRef: { name: `configmap2-${name}` } }] }];
  const spec = { nodeName: node, serviceAccountName: `svcacct0-${node}`, volumes, containers, ephemeralContainers };
  const imagePullSecrets = [{ name: `pull-${name}` }];
  const resourceClaims = [{ name: 'd', resourceClaimName: `claim0-${name}` }];
  const status = { resourceClaimStatuses: [{ name: 't', resourceClaimName: `claim1-${name}` }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'ns0', annotations },
    spec: { ...spec, imagePullSecrets, resourceClaims },
    status,
  };
}

const nodeOf = (name: string, providerID?: string, containerRuntimeVersion = 'process://1'): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: { providerID },
  status: { nodeInfo: { containerRuntimeVersion } },
});

beforeAll(async () => {
  await storage.createCluster(ctx, 'main');
  await storage.createCluster(ctx, 'other');
  for (const node of ['node0', 'node1', 'sim0', 'sim1', 'older', 'foreign'])
    await put('pods', podOf(node), { 'spec.nodeName': node });
  const mirror = podOf('node0', { 'kubernetes.io/config.mirror': 'x' }, 'mirror-node0');
  await put('pods', mirror, { 'spec.nodeName': 'node0' });
  await put('pods', podOf('', {}, 'unbound'), { 'spec.nodeName': '' });
  for (const node of ['node0', 'node1']) await put('nodes', nodeOf(node));
  for (const node of ['node0', 'node1']) {
    const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `pv0-pod0-${node}` } };
    await put('persistentvolumes', { ...volume, spec: { claimRef: { namespace: 'ns0', name: `pvc0-pod0-${node}` } } });
    const metadata = { name: `attachment0-${node}` };
    const attachment = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata,
      spec: { nodeName: node },
    };
    await put('storage.k8s.io/volumeattachments', attachment);
  }
  const free = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv-free' }, spec: {} };
  await put('persistentvolumes', free);
  for (const node of ['sim0', 'sim1']) await put('nodes', nodeOf(node, `simulated://sim/${node}`));
  for (const nodeName of ['node0', 'node1', 'sim0']) {
    const slice = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceSlice', metadata: { name: `slice0-${nodeName}` } };
    await put('resource.k8s.io/resourceslices', slice, { 'spec.nodeName': nodeName });
  }
  await put('nodes', nodeOf('older', undefined, 'simulated://0.1.0'));
  await put('nodes', nodeOf('foreign', 'simulated://another/foreign', 'simulated://0.1.0'));
});

interface Asked {
  readonly namespace?: string;
  readonly subresource?: string;
  readonly group?: string;
  readonly fieldSelector?: string;
  readonly cluster?: string;
}

async function decide(user: UserInfo, verb: string, resource: string, name: string, more: Asked = {}) {
  const { cluster = 'main', ...rest } = more;
  const whole = { group: '', version: 'v1', subresource: '', namespace: 'ns0', ...rest, resource, name };
  return await authorizer.authorize(ctx, { user, cluster, verb, resource: whole });
}

type Case = readonly [verb: string, resource: string, name: string, more: Asked, refused: string | undefined];
const YES = undefined;
const UNRELATED = "no relationship found between node 'node0' and this object";
const LEASES = { group: 'coordination.k8s.io', namespace: 'kube-node-lease' };
const CSI = { group: 'storage.k8s.io', namespace: '' };
const TOKEN = { subresource: 'token' };
const CLAIMS = { group: 'resource.k8s.io' };
const CLAIM_STATUS = { ...CLAIMS, subresource: 'status' };
const SLICES = { group: 'resource.k8s.io', namespace: '' };
const OF_NODE = 'can only list/watch/deletecollection resourceslices with nodeName field selector';
const SELECTED = 'can only list/watch pods with spec.nodeName field selector';

const cases: Case[] = [
  ['get', 'configmaps', 'configmap0-pod0-node0', {}, YES],
  ['get', 'configmaps', 'configmap1-pod0-node0', {}, YES],
  ['get', 'configmaps', 'configmap2-pod0-node0', {}, YES],
  ['get', 'secrets', 'secret0-pod0-node0', {}, YES],
  ['get', 'secrets', 'pull-pod0-node0', {}, YES],
  ['list', 'secrets', 'secret0-pod0-node0', {}, YES],
  ['watch', 'secrets', 'secret0-pod0-node0', {}, YES],
  ['list', 'secrets', '', {}, 'No Object name found'],
  ['watch', 'secrets', '', {}, 'No Object name found'],
  ['list', 'secrets', 'secret0-pod0-node0', { namespace: '' }, 'can only read namespaced object of this type'],
  ['get', 'secrets', 'secret0-shared', {}, YES],
  ['get', 'persistentvolumeclaims', 'pvc0-pod0-node0', {}, YES],
  ['get', 'persistentvolumeclaims', 'pod0-node0-e', {}, YES],
  ['get', 'configmaps', 'configmap0-pod0-node1', {}, UNRELATED],
  ['get', 'secrets', 'secret0-pod0-node1', {}, UNRELATED],
  ['get', 'secrets', 'secret0-mirror-node0', {}, UNRELATED],
  ['get', 'secrets', 'secret0-unbound', {}, UNRELATED],
  ['get', 'secrets', 'secret0-pod0-node0', { namespace: 'ns1' }, UNRELATED],
  ['get', 'secrets', 'secret0-pod0-node0', { cluster: 'other' }, UNRELATED],
  ['update', 'secrets', 'secret0-pod0-node0', {}, 'can only read resources of this type'],
  ['delete', 'configmaps', 'configmap0-pod0-node0', {}, 'can only read resources of this type'],
  ['get', 'secrets', 'secret0-pod0-node0', { subresource: 'status' }, 'cannot read subresource'],
  ['get', 'persistentvolumeclaims', 'pvc0-pod0-node1', {}, UNRELATED],
  ['get', 'persistentvolumes', 'pv0-pod0-node0', { namespace: '' }, YES],
  ['get', 'persistentvolumes', 'pv0-pod0-node1', { namespace: '' }, UNRELATED],
  ['get', 'persistentvolumes', 'pv-free', { namespace: '' }, UNRELATED],
  ['get', 'persistentvolumes', 'pv0', { namespace: '' }, UNRELATED],
  ['list', 'persistentvolumes', '', { namespace: '' }, 'can only get individual resources of this type'],
  ['get', 'volumeattachments', 'attachment0-node0', CSI, YES],
  ['get', 'volumeattachments', 'attachment0-node1', CSI, UNRELATED],
  ['get', 'volumeattachments', 'none', CSI, UNRELATED],
  ['get', 'volumeattachments', '', CSI, 'No Object name found'],
  ['get', 'volumeattachments', 'attachment0-node0', { ...CSI, subresource: 'status' }, 'cannot get subresource'],
  ['update', 'volumeattachments', 'attachment0-node0', CSI, 'can only get individual resources of this type'],
  ['get', 'resourceclaims', 'claim0-pod0-node0', CLAIMS, YES],
  ['get', 'resourceclaims', 'claim1-pod0-node0', CLAIMS, YES],
  ['get', 'resourceclaims', 'claim0-pod0-node1', CLAIMS, UNRELATED],
  ['list', 'resourceclaims', 'claim0-pod0-node0', CLAIMS, 'can only get individual resources of this type'],
  ['update', 'resourceclaims', 'claim0-pod0-node0', CLAIM_STATUS, 'can only get individual resources of this type'],
  ['create', 'resourceslices', '', SLICES, YES],
  ['get', 'resourceslices', 'slice0-node0', SLICES, YES],
  ['delete', 'resourceslices', 'slice0-node0', SLICES, YES],
  ['update', 'resourceslices', 'slice0-node1', SLICES, UNRELATED],
  ['get', 'resourceslices', 'slice0-unknown', SLICES, UNRELATED],
  ['list', 'resourceslices', '', { ...SLICES, fieldSelector: 'spec.nodeName=node0' }, YES],
  ['watch', 'resourceslices', '', { ...SLICES, fieldSelector: 'spec.nodeName=node1' }, OF_NODE],
  ['list', 'resourceslices', '', SLICES, OF_NODE],
  ['create', 'serviceaccounts', 'svcacct0-node0', TOKEN, YES],
  ['create', 'serviceaccounts', 'svcacct0-node1', TOKEN, UNRELATED],
  ['create', 'serviceaccounts', 'svcacct0-node0', {}, 'can only create token subresource of serviceaccount'],
  ['update', 'serviceaccounts', 'svcacct0-node0', TOKEN, 'can only create tokens for individual service accounts'],
  ['get', 'serviceaccounts', 'svcacct0-node0', {}, YES],
  ['list', 'serviceaccounts', 'svcacct0-node0', {}, 'can only create tokens for individual service accounts'],
  ['get', 'leases', 'node1', LEASES, 'can only access node lease with the same name as the requesting node'],
  ['update', 'leases', 'node1', LEASES, 'can only access node lease with the same name as the requesting node'],
  ['list', 'leases', '', LEASES, 'can only get, create, update, patch, or delete a node lease'],
  [
    'get',
    'leases',
    'node0',
    { ...LEASES, namespace: 'foo' },
    'can only access leases in the "kube-node-lease" system namespace',
  ],
  ['get', 'leases', 'node0', LEASES, YES],
  ['create', 'leases', 'node0', LEASES, YES],
  ['update', 'leases', 'node0', LEASES, YES],
  ['patch', 'leases', 'node0', LEASES, YES],
  ['delete', 'leases', 'node0', LEASES, YES],
  ['get', 'csinodes', 'node0', { ...CSI, subresource: 'status' }, 'cannot authorize CSINode subresources'],
  ['get', 'csinodes', 'node1', CSI, 'can only access CSINode with the same name as the requesting node'],
  ['list', 'csinodes', '', CSI, 'can only get, create, update, patch, or delete a CSINode'],
  ['get', 'csinodes', 'node0', CSI, YES],
  ['get', 'pods', 'pod0-node0', {}, YES],
  ['get', 'pods', 'pod0-node1', {}, UNRELATED],
  ['list', 'pods', '', { fieldSelector: 'spec.nodeName=node0' }, YES],
  ['list', 'pods', '', { fieldSelector: 'spec.nodeName==node0,status.phase=Running' }, YES],
  ['list', 'pods', '', { fieldSelector: 'spec.nodeName=node1' }, SELECTED],
  ['list', 'pods', '', { fieldSelector: 'spec.nodeName!=node0' }, SELECTED],
  ['list', 'pods', '', { fieldSelector: 'spec.nodeName=' }, SELECTED],
  ['list', 'pods', '', { fieldSelector: '=,!' }, SELECTED],
  ['list', 'pods', 'pod0-node0', {}, YES],
  ['list', 'pods', '', {}, SELECTED],
  ['watch', 'pods', '', { fieldSelector: 'spec.nodeName=node0' }, YES],
  ['watch', 'pods', 'pod0-node0', {}, YES],
  ['watch', 'pods', '', {}, SELECTED],
  ['create', 'pods', '', {}, YES],
  ['create', 'pods', '', { subresource: 'proxy' }, ''],
  ['create', 'pods', 'pod0-node0', { subresource: 'binding' }, ''],
  ['delete', 'pods', 'pod0-node0', {}, YES],
  ['delete', 'pods', 'pod0-node0', { subresource: 'proxy' }, ''],
  ['deletecollection', 'pods', '', {}, ''],
  ['update', 'pods', 'pod0-node0', {}, ''],
  ['update', 'pods', 'pod0-node0', { subresource: 'status' }, YES],
  ['patch', 'pods', 'pod0-node1', { subresource: 'status' }, YES],
  ['get', 'pods', 'pod0-node0', { subresource: 'status' }, ''],
  ['get', 'pods', 'pod0-node0', { subresource: 'log' }, ''],
  ['create', 'pods', 'pod0-node0', { subresource: 'eviction' }, YES],
  ['get', 'nodes', 'node0', { namespace: '' }, YES],
  ['get', 'nodes', 'node1', { namespace: '' }, "node 'node0' cannot read 'node1', only its own Node object"],
  ['list', 'nodes', 'node0', { namespace: '' }, YES],
  ['list', 'nodes', '', { namespace: '' }, "node 'node0' cannot read all nodes, only its own Node object"],
  ['watch', 'nodes', 'node0', { namespace: '' }, YES],
  ['watch', 'nodes', '', { namespace: '' }, "node 'node0' cannot read all nodes, only its own Node object"],
  ['create', 'nodes', '', { namespace: '' }, YES],
  ['update', 'nodes', 'node0', { namespace: '' }, YES],
  ['patch', 'nodes', 'node0', { namespace: '' }, YES],
  ['delete', 'nodes', 'node0', { namespace: '' }, ''],
  ['update', 'nodes', 'node0', { namespace: '', subresource: 'status' }, YES],
  ['patch', 'nodes', 'node0', { namespace: '', subresource: 'status' }, YES],
  ['create', 'nodes', 'node0', { namespace: '', subresource: 'proxy' }, ''],
  // What every node may do alike, and what none may.
  ['list', 'services', '', { namespace: '' }, YES],
  ['create', 'events', '', {}, YES],
  ['list', 'endpointslices', '', { namespace: '', group: 'discovery.k8s.io' }, ''],
  ['list', 'namespaces', '', { namespace: '' }, ''],
  ['create', 'deployments', '', { group: 'apps' }, ''],
];

describe('a node', () => {
  test.each(cases)('%s %s %s %j', async (verb, resource, name, more, refused) => {
    const { allowed, reason } = await decide(node0, verb, resource, name, more);
    expect({ allowed, reason }).toEqual({ allowed: refused === undefined, reason: refused ?? '' });
  });

  test('that is not registered reads itself', async () => {
    expect(await decide(unregistered, 'get', 'nodes', 'nodeunregistered')).toMatchObject({ allowed: true });
    expect(await decide(unregistered, 'get', 'nodes', 'node0')).toMatchObject({ allowed: false });
  });

  test('without a name is nobody', async () => {
    const nameless = { name: 'system:node:', groups };
    const reason = 'unknown node for user "system:node:"';
    expect(await decide(nameless, 'list', 'services', '')).toEqual({ allowed: false, reason });
  });

  test('is who is of the group and named so', async () => {
    for (const user of [
      { ...node0, groups: ['system:authenticated'] },
      { name: 'node0', groups },
    ])
      expect(await decide(user, 'get', 'nodes', 'node0')).toEqual({ allowed: false, reason: '' });
  });
});

const NO_AGENT = "no relationship found between node agent 'sim' and this object";
const agentCases: Case[] = [
  ['get', 'secrets', 'secret0-pod0-sim0', {}, YES],
  ['get', 'configmaps', 'configmap0-pod0-sim1', {}, YES],
  ['get', 'secrets', 'secret0-pod0-older', {}, YES],
  ['get', 'secrets', 'secret0-pod0-node0', {}, NO_AGENT],
  ['get', 'secrets', 'secret0-pod0-foreign', {}, NO_AGENT],
  ['list', 'secrets', '', {}, 'No Object name found'],
  ['create', 'serviceaccounts', 'svcacct0-sim0', TOKEN, YES],
  ['create', 'serviceaccounts', 'svcacct0-node0', TOKEN, NO_AGENT],
  ['get', 'persistentvolumes', 'pv0', { namespace: '' }, YES],
  ['watch', 'persistentvolumes', '', { namespace: '' }, YES],
  ['delete', 'persistentvolumes', 'pv0', { namespace: '' }, 'can only get individual resources of this type'],
  ['get', 'resourceclaims', 'claim0-pod0-sim0', CLAIMS, YES],
  ['patch', 'resourceclaims', 'claim0-pod0-sim0', CLAIM_STATUS, YES],
  ['patch', 'resourceclaims', 'claim0-pod0-node0', CLAIM_STATUS, NO_AGENT],
  ['patch', 'resourceclaims', 'claim0-pod0-sim0', CLAIMS, 'can only get individual resources of this type'],
  ['update', 'resourceslices', 'slice0-sim0', SLICES, YES],
  ['update', 'resourceslices', 'slice0-node0', SLICES, NO_AGENT],
  ['watch', 'resourceslices', '', { ...SLICES, fieldSelector: 'spec.nodeName=sim1' }, YES],
  ['get', 'leases', 'sim0', LEASES, YES],
  ['update', 'leases', 'node0', LEASES, 'can only access node lease with the same name as the requesting node'],
  ['update', 'leases', 'sim', LEASES, 'can only access node lease with the same name as the requesting node'],
  ['get', 'pods', 'pod0-sim0', {}, YES],
  ['get', 'pods', 'pod0-node0', {}, NO_AGENT],
  ['watch', 'pods', '', { fieldSelector: 'spec.nodeName=sim1' }, YES],
  ['watch', 'pods', '', { fieldSelector: 'spec.nodeName=older' }, YES],
  ['watch', 'pods', '', { fieldSelector: 'spec.nodeName=node0' }, SELECTED],
  ['watch', 'pods', '', { fieldSelector: 'spec.nodeName=foreign' }, SELECTED],
  ['watch', 'pods', '', { fieldSelector: 'spec.nodeName=none' }, SELECTED],
  ['get', 'nodes', 'sim0', {}, YES],
  ['get', 'nodes', 'not-there-yet', {}, YES],
  ['get', 'nodes', 'node0', {}, "node agent 'sim' cannot read 'node0', only its own Node object"],
  ['list', 'nodes', '', {}, "node agent 'sim' cannot read all nodes, only its own Node object"],
  ['delete', 'nodes', 'sim0', {}, ''],
  ['list', 'endpointslices', '', { namespace: '', group: 'discovery.k8s.io' }, YES],
  ['watch', 'networkpolicies', '', { namespace: '', group: 'networking.k8s.io' }, YES],
  ['create', 'networkpolicies', '', { group: 'networking.k8s.io' }, ''],
  ['watch', 'namespaces', '', { namespace: '' }, YES],
  ['delete', 'namespaces', 'a', { namespace: '' }, ''],
];

describe('an agent has the authority of the nodes it carries', () => {
  test.each(agentCases)('%s %s %s %j', async (verb, resource, name, more, refused) => {
    const { allowed, reason } = await decide(agent, verb, resource, name, more);
    expect({ allowed, reason }).toEqual({ allowed: refused === undefined, reason: refused ?? '' });
  });
});
