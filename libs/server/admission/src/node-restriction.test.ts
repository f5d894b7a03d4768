import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import {
  createSystemObjects,
  evictPod,
  Registry,
  type RequestContext,
  type ResourceStore,
  systemContext,
  fixedResourceSets,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { createAdmission } from './index.js';

/** Cases in the order of upstream's noderestriction/admission_test.go, through the registry and for the kinds that are served. */
const MIRROR = { 'kubernetes.io/config.mirror': 'true' };
const groups = ['system:nodes', 'system:authenticated'];
const users = {
  mynode: { name: 'system:node:mynode', groups },
  agent: { name: 'system:node-agent:sim', groups },
  controlPlane: { name: 'system:node:mynode', groups: [...groups, 'binnacle:control-plane-nodes'] },
  bob: { name: 'bob', groups: ['system:authenticated'] },
  admin: { name: 'admin', groups: ['system:masters'] },
};

let registry: Registry;
let system: RequestContext;
const store = (plural: string, group = ''): ResourceStore => registry.get(group, 'v1', plural);
const as = (user: keyof typeof users): RequestContext => ({ ...system, user: users[user] });
const uids = new Map<string, string>();

const nodeOf = (name: string, more: object = {}, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: { name, ...metadata }, ...more }) as unknown as UnstructuredObject;

function podOf(name: string, nodeName: string | undefined, more: object = {}, metadata: object = {}) {
  const containers = [{ name: 'c', image: 'i' }];
  const whole = { name, namespace: 'ns', ...metadata };
  const spec = { nodeName, containers, ...more };
  return { apiVersion: 'v1', kind: 'Pod', metadata: whole, spec } as unknown as UnstructuredObject;
}

const ownerOf = (node: string, more: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'Node', name: node, uid: uids.get(node) ?? 'none' },
  controller: true,
  ...more,
});
const mirrorOf = (node: string | undefined, owner: object | object[] = ownerOf(node ?? ''), spec: object = {}) =>
  podOf('new', node, spec, { annotations: MIRROR, ownerReferences: [owner].flat() });

const PODS = { mynode: 'mynode', other: 'othernode', sim: 'sim0', unbound: undefined } as const;

beforeEach(async () => {
  const storage = new MemoryStorage();
  const base = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  system = systemContext(base, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: createAdmission(storage) });
  await createSystemObjects(system, registry);
  const create = async (plural: string, object: UnstructuredObject, namespace = '') =>
    store(plural).decode(await store(plural).create(system, { namespace }, object));
  for (const name of ['ns', 'kube-node-lease'])
    await create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }).catch(() => undefined);
  await create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }, 'ns');
  const taints = [{ key: 'kept', effect: 'NoSchedule' }];
  const forbidden = { 'kubernetes.io/foreign': 'a', 'other.k8s.io/foreign': 'b' };
  const labels = { ...forbidden, 'topology.kubernetes.io/zone': 'z' };
  const nodes = [
    nodeOf('mynode', { spec: { taints } }, { labels }),
    nodeOf('othernode'),
    nodeOf('sim0', { spec: { providerID: 'simulated://sim/sim0' } }),
  ];
  for (const node of nodes) {
    const { metadata } = await create('nodes', node);
    uids.set(metadata.name ?? '', metadata.uid ?? '');
  }
  for (const [name, node] of Object.entries(PODS)) {
    await create('pods', podOf(`normal-${name}`, node), 'ns');
    if (node) await create('pods', { ...mirrorOf(node), metadata: mirrorMeta(`mirror-${name}`, node) }, 'ns');
  }
});
const mirrorMeta = (name: string, node: string) => ({
  name,
  namespace: 'ns',
  annotations: MIRROR,
  ownerReferences: [ownerOf(node)],
});

type Actor = keyof typeof users;
type Act = (ctx: RequestContext) => Promise<unknown>;
const create =
  (object: () => UnstructuredObject, plural = 'pods', namespace = 'ns'): Act =>
  (ctx) =>
    store(plural).create(ctx, { namespace }, object());
const remove =
  (name: string, plural = 'pods', namespace = 'ns'): Act =>
  (ctx) =>
    store(plural).delete(ctx, { namespace, name });
const evict =
  (name: string): Act =>
  (ctx) =>
    evictPod({ pods: store('pods'), budgets: store('poddisruptionbudgets', 'policy') }, ctx, at(name), {});
const at = (name: string) => ({ namespace: 'ns', name });

type Edit = (object: { metadata: Record<string, unknown>; spec: Record<string, unknown> }) => void;
const update =
  (name: string, edit: Edit, options: object = {}, plural = 'pods', namespace = 'ns'): Act =>
  (ctx) => {
    const change = (object: UnstructuredObject) => {
      edit(object as never);
      return object;
    };
    return store(plural).update(ctx, { namespace, name }, change, options);
  };
const status = (name: string, edit: Edit = () => undefined) =>
  update(
    name,
    (pod) => {
      Object.assign(pod, { status: { phase: 'Running', message: 'm' } });
      edit(pod);
    },
    { rules: 'status', subresource: 'status' },
  );
const label: Edit = ({ metadata }) => {
  metadata.labels = { ...(metadata.labels as object), new: 'label' };
};
const node = (edit: Edit, name = 'mynode') => update(name, edit, {}, 'nodes', '');
const labelled =
  (labels: object): Edit =>
  ({ metadata }) => {
    metadata.labels = { ...(metadata.labels as object), ...labels };
  };
const lease = (name: string, namespace = 'kube-node-lease') =>
  ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace },
    spec: {},
  }) as unknown as UnstructuredObject;
const createLease =
  (name: string, namespace?: string): Act =>
  (ctx) =>
    store('leases', 'coordination.k8s.io').create(
      ctx,
      { namespace: namespace ?? 'kube-node-lease' },
      lease(name, namespace),
    );

const DEVICES = 'resource.k8s.io';
const sliceOf = (nodeName: string, driver = 'd.example.com') =>
  ({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name: `slice-${nodeName}` },
    spec: { driver, nodeName, pool: { name: nodeName, generation: 1, resourceSliceCount: 1 }, devices: [] },
  }) as unknown as UnstructuredObject;
const createSlice =
  (nodeName: string): Act =>
  (ctx) =>
    store('resourceslices', DEVICES).create(ctx, { namespace: '' }, sliceOf(nodeName));
const removeSlice =
  (nodeName: string): Act =>
  async (ctx) => {
    await store('resourceslices', DEVICES).create(system, { namespace: '' }, sliceOf(nodeName));
    await store('resourceslices', DEVICES).delete(ctx, { namespace: '', name: `slice-${nodeName}` });
  };

/** A claim that has a device of each of these nodes; then its status is told anew. */
const tellDevices =
  (pools: string[], next: (status: Record<string, unknown>) => object): Act =>
  async (ctx) => {
    const claims = store('resourceclaims', DEVICES);
    const requests = [{ name: 'r', exactly: { deviceClassName: 'c', allocationMode: 'All' } }];
    const metadata = { name: 'claim', namespace: 'ns' };
    const body = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim', metadata, spec: { devices: { requests } } };
    await claims.create(system, { namespace: 'ns' }, body as unknown as UnstructuredObject);
    const results = pools.map((pool) => ({ request: 'r', driver: 'd.example.com', pool, device: 'gpu' }));
    const options = { rules: 'status', subresource: 'status' } as const;
    const set = (who: RequestContext, of: (status: Record<string, unknown>) => object) =>
      claims.update(
        who,
        at('claim'),
        (object) => ({ ...object, status: of((object.status ?? {}) as Record<string, unknown>) }) as never,
        options,
      );
    await set(system, () => ({ allocation: { devices: { results } } }));
    return set(ctx, next);
  };
const told = (pool: string) => ({ driver: 'd.example.com', pool, device: 'gpu' });

const SELF = 'node "mynode" can only';
const ONLY_MIRRORS = `unexpected operation "UPDATE", ${SELF} create and delete mirror pods`;
const OWN_STATUS = `${SELF} update pod status for pods with spec.nodeName set to itself`;
const OWN_CREATE = `${SELF} create pods with spec.nodeName set to itself`;
const OWN_DELETE = `${SELF} delete pods with spec.nodeName set to itself`;
const OWN_EVICT = `${SELF} evict pods with spec.nodeName set to itself`;
const OWNER = `${SELF} create pods with an owner reference set to itself`;
const references = (what: string) => `node "mynode" can not create pods that reference ${what}`;
const secretVolume = { volumes: [{ name: 'v', secret: { secretName: 's' } }] };
const projected = (source: object) => ({ volumes: [{ name: 'v', projected: { sources: [source] } }] });
const tokenSource = { serviceAccountToken: { path: 'token' } };
const from = (source: object) => ({ containers: [{ name: 'c', image: 'i', envFrom: [source] }] });
const setTaints =
  (taints: object[]): Edit =>
  ({ spec }) => {
    spec.taints = taints;
  };
const owned: Edit = ({ metadata }) => {
  metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }];
};
const other = nodeOf('othernode2');

type Case = readonly [name: string, user: Actor, act: Act, refused?: string];
const mirrors: Case[] = [
  ['create of a mirror Pod bound to self', 'mynode', create(() => mirrorOf('mynode'))],
  ['update of a mirror Pod bound to self', 'mynode', update('mirror-mynode', label), ONLY_MIRRORS],
  ['delete of a mirror Pod bound to self', 'mynode', remove('mirror-mynode')],
  ['update of its status', 'mynode', status('mirror-mynode')],
  ['eviction of it', 'mynode', evict('mirror-mynode')],
  ['create of a mirror Pod bound to another', 'mynode', create(() => mirrorOf('othernode')), OWN_CREATE],
  ['update of a mirror Pod bound to another', 'mynode', update('mirror-other', label), ONLY_MIRRORS],
  ['delete of a mirror Pod bound to another', 'mynode', remove('mirror-other'), OWN_DELETE],
  ['update of status of another node', 'mynode', status('mirror-other'), OWN_STATUS],
  ['eviction from another node', 'mynode', evict('mirror-other'), OWN_EVICT],
  ['create of a mirror Pod unbound', 'mynode', create(() => mirrorOf(undefined)), OWN_CREATE],
];
const normals: Case[] = [
  [
    'create of a normal Pod bound to self',
    'mynode',
    create(() => podOf('n', 'mynode')),
    `pod does not have "kubernetes.io/config.mirror" annotation, ${SELF} create mirror pods`,
  ],
  ['update of a normal Pod bound to self', 'mynode', update('normal-mynode', label), ONLY_MIRRORS],
  ['delete of a normal Pod bound to self', 'mynode', remove('normal-mynode')],
  ['update of its status', 'mynode', status('normal-mynode')],
  [
    'labels by its status',
    'mynode',
    status('normal-mynode', label),
    'node "mynode" cannot update labels through pod status',
  ],
  ['eviction of it', 'mynode', evict('normal-mynode')],
  ['update of a normal Pod bound to another', 'mynode', update('normal-other', label), ONLY_MIRRORS],
  ['delete of a normal Pod bound to another', 'mynode', remove('normal-other'), OWN_DELETE],
  ['update of status of another node', 'mynode', status('normal-other'), OWN_STATUS],
  ['eviction from another node', 'mynode', evict('normal-other'), OWN_EVICT],
  ['delete of a normal Pod unbound', 'mynode', remove('normal-unbound'), OWN_DELETE],
  ['update of its status', 'mynode', status('normal-unbound'), OWN_STATUS],
  ['eviction of it', 'mynode', evict('normal-unbound'), OWN_EVICT],
  ['delete of an unknown Pod', 'mynode', remove('none'), 'pods "none" not found'],
];
const mirroring = (what: string, spec: object): Case => [
  `create of a Pod referencing ${what}`,
  'mynode',
  create(() => mirrorOf('mynode', ownerOf('mynode'), spec)),
  references(what),
];
const referencing: Case[] = [
  mirroring('serviceaccounts', { serviceAccountName: 'default' }),
  mirroring('secrets', secretVolume),
  mirroring('secrets', { imagePullSecrets: [{ name: 's' }] }),
  mirroring('secrets', from({ secretRef: { name: 's' } })),
  mirroring('configmaps', from({ configMapRef: { name: 's' } })),
  mirroring('serviceaccounts (via projected volumes)', projected(tokenSource)),
  mirroring('persistentvolumeclaims', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }),
];
const LABELS = 'is not allowed to modify labels: ';
const TAINTS = 'node "mynode" is not allowed to modify taints';
const REFERENCES = 'node "mynode" is not allowed to modify ownerReferences';
const OTHER = (name: string) => `node "mynode" is not allowed to modify node "${name}"`;
const fresh = (object: UnstructuredObject): Act => {
  return async (ctx) => {
    await store('nodes').delete(system, { namespace: '', name: 'mynode' });
    await store('nodes').create(ctx, { namespace: '' }, structuredClone(object));
  };
};
const setLabels = (labels: object) => nodeOf('mynode', {}, { labels });
const nodes: Case[] = [
  ['create of my node', 'mynode', fresh(nodeOf('mynode'))],
  ['with taints', 'mynode', fresh(nodeOf('mynode', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }))],
  [
    'with labels',
    'mynode',
    fresh(setLabels({ 'kubernetes.io/hostname': 'a', 'x.node.kubernetes.io/y': '', own: 'l' })),
  ],
  [
    'with forbidden labels',
    'mynode',
    fresh(setLabels({ 'node-restriction.kubernetes.io/a': '', 'foo.kubernetes.io/b': '', 'k8s.io/c': '' })),
    'node "mynode" is not allowed to set the following labels: ' +
      'foo.kubernetes.io/b, k8s.io/c, node-restriction.kubernetes.io/a',
  ],
  [
    'as a control plane',
    'mynode',
    fresh(setLabels({ 'node-role.kubernetes.io/control-plane': '' })),
    'is not allowed to set the following labels: node-role.kubernetes.io/control-plane',
  ],
  ['as the control plane it is', 'controlPlane', fresh(setLabels({ 'node-role.kubernetes.io/control-plane': '' }))],
  [
    'as the control plane it is, of another role',
    'controlPlane',
    fresh(setLabels({ 'node-role.kubernetes.io/other': '' })),
    'is not allowed to set the following labels: node-role.kubernetes.io/other',
  ],
  ['update of my node', 'mynode', node(labelled({ own: 'x' }))],
  ['allowed labels while forbidden ones exist', 'mynode', node(labelled({ 'topology.kubernetes.io/zone': 'new' }))],
  ['more taints', 'mynode', node(setTaints([{ key: 'new', effect: 'NoExecute' }])), TAINTS],
  ['fewer taints', 'mynode', node(setTaints([])), TAINTS],
  ['new labels', 'mynode', node(labelled({ 'kubernetes.io/new': '' })), `${LABELS}kubernetes.io/new`],
  ['other labels', 'mynode', node(labelled({ 'kubernetes.io/foreign': 'b' })), `${LABELS}kubernetes.io/foreign`],
  [
    'removed labels',
    'mynode',
    node(({ metadata }) => {
      metadata.labels = {};
    }),
    `${LABELS}kubernetes.io/foreign, other.k8s.io/foreign`,
  ],
  ['an owner', 'mynode', node(owned), REFERENCES],
  ['create of another node', 'mynode', create(() => other, 'nodes', ''), OTHER('othernode2')],
  ['update of another node', 'mynode', node(labelled({ own: 'x' }), 'othernode'), OTHER('othernode')],
  ['delete of another node', 'mynode', remove('othernode', 'nodes', ''), OTHER('othernode')],
  [
    'update of status of another node',
    'mynode',
    update('othernode', labelled({ a: 'b' }), { rules: 'status', subresource: 'status' }, 'nodes', ''),
    OTHER('othernode'),
  ],
];
const LEASE = 'can only access node lease with the same name as the requesting node';
const leases: Case[] = [
  [
    'create of a lease elsewhere',
    'mynode',
    createLease('mynode', 'ns'),
    'can only access leases in the "kube-node-lease" system namespace',
  ],
  ["create of another node's lease", 'mynode', createLease('othernode'), LEASE],
  ['create of its lease', 'mynode', createLease('mynode')],
];
const config = () =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }) as unknown as UnstructuredObject;
const unrelated: Case[] = [
  ['an unrelated object', 'mynode', create(config, 'configmaps')],
  ['an unrelated user and a normal Pod', 'bob', create(() => podOf('n', undefined))],
  ['an unrelated user and an update', 'bob', update('normal-other', label)],
  ['an unrelated user and a deletion', 'bob', remove('normal-unbound')],
  ['an administrator who restores a mirror Pod', 'admin', create(() => mirrorOf('mynode'))],
  [
    'an unrelated user who forges a mirror Pod',
    'bob',
    create(() => mirrorOf('mynode')),
    'only the node a mirror pod is bound to may create it (annotation "kubernetes.io/config.mirror")',
  ],
];
const owners: Case[] = [
  ['no owner', 'mynode', create(() => mirrorOf('mynode', [])), OWNER],
  [
    'two owners',
    'mynode',
    create(() => mirrorOf('mynode', [ownerOf('mynode'), ownerOf('othernode', { controller: false })])),
    `${SELF} create pods with a single owner reference set to itself`,
  ],
  ['an owner of another name', 'mynode', create(() => mirrorOf('mynode', ownerOf('othernode'))), OWNER],
  [
    'an owner of another uid',
    'mynode',
    create(() => mirrorOf('mynode', ownerOf('mynode', { uid: 'x' }))),
    'node mynode UID mismatch: expected x got ',
  ],
  ['another version', 'mynode', create(() => mirrorOf('mynode', ownerOf('mynode', { apiVersion: 'v2' }))), OWNER],
  ['another kind', 'mynode', create(() => mirrorOf('mynode', ownerOf('mynode', { kind: 'Pod' }))), OWNER],
  [
    'no controller',
    'mynode',
    create(() => mirrorOf('mynode', ownerOf('mynode', { controller: undefined }))),
    `${SELF} create pods with a controller owner reference set to itself`,
  ],
  [
    'one that blocks deletion',
    'mynode',
    create(() => mirrorOf('mynode', ownerOf('mynode', { blockOwnerDeletion: true }))),
    'node "mynode" must not set blockOwnerDeletion on an owner reference',
  ],
];
const AGENT = 'node agent "sim"';
const simulated = (name: string, providerID?: string) => nodeOf(name, { spec: { providerID } });
const devices: Case[] = [
  ['slices of its own', 'mynode', createSlice('mynode')],
  [
    'slices of another node',
    'mynode',
    createSlice('othernode'),
    'can only create ResourceSlice with the same NodeName',
  ],
  ['slices of a node it carries', 'agent', createSlice('sim0')],
  ['slices of one it does not', 'agent', createSlice('mynode'), 'can only create ResourceSlice with the same NodeName'],
  ['an end of its own slices', 'mynode', removeSlice('mynode')],
  ['an end of others', 'mynode', removeSlice('othernode'), 'can only create ResourceSlice with the same NodeName'],
  ['how its devices are', 'agent', tellDevices(['sim0'], (status) => ({ ...status, devices: [told('sim0')] }))],
  [
    'how those of others are',
    'agent',
    tellDevices(['sim0', 'mynode'], (status) => ({ ...status, devices: [told('mynode')] })),
    `${AGENT} can only tell of devices of its own nodes`,
  ],
  [
    'who has them',
    'agent',
    tellDevices(['sim0'], (status) => ({ ...status, reservedFor: [{ resource: 'pods', name: 'p', uid: 'u' }] })),
    `${AGENT} can only update the devices in a claim's status`,
  ],
];

const agents: Case[] = [
  ['create of a node it carries', 'agent', create(() => simulated('sim1', 'simulated://sim/sim1'), 'nodes', '')],
  [
    'create of a node without an agent',
    'agent',
    create(() => simulated('sim1'), 'nodes', ''),
    `${AGENT} can only create nodes with spec.providerID "simulated://sim/sim1"`,
  ],
  [
    'create of a node of another agent',
    'agent',
    create(() => simulated('sim1', 'simulated://x/sim1'), 'nodes', ''),
    `${AGENT} can only create nodes with spec.providerID "simulated://sim/sim1"`,
  ],
  ['update of a node it carries', 'agent', node(labelled({ a: 'b' }), 'sim0')],
  ['labels of such a node', 'agent', node(labelled({ 'node-role.kubernetes.io/x': '' }), 'sim0'), LABELS],
  [
    'update of another node',
    'agent',
    node(labelled({ a: 'b' }), 'mynode'),
    `${AGENT} is not allowed to modify node "mynode"`,
  ],
  [
    'taking a node over',
    'agent',
    node(({ spec }) => {
      spec.providerID = 'simulated://sim/othernode';
    }, 'othernode'),
    `${AGENT} is not allowed to modify node "othernode"`,
  ],
  ['delete of a Pod on a node it carries', 'agent', remove('normal-sim')],
  ['delete of another Pod', 'agent', remove('normal-mynode'), `${AGENT} can only delete pods`],
  ['update of status on a node it carries', 'agent', status('normal-sim')],
  ['update of another status', 'agent', status('normal-mynode'), `${AGENT} can only update pod status`],
  ['eviction from another node', 'agent', evict('normal-mynode'), `${AGENT} can only evict pods`],
  ['its mirror Pod', 'agent', create(() => mirrorOf('sim0'))],
  ['a mirror Pod elsewhere', 'agent', create(() => mirrorOf('mynode')), `${AGENT} can only create pods`],
  ['a lease of a node it carries', 'agent', createLease('sim0')],
  ['another lease', 'agent', createLease('mynode'), LEASE],
];

describe.each([
  ['mirror Pods', mirrors],
  ['normal Pods', normals],
  ['references of mirror Pods', referencing],
  ['nodes', nodes],
  ['leases', leases],
  ['others', unrelated],
  ['owners of mirror Pods', owners],
  ['an agent of simulated nodes', agents],
  ['devices', devices],
])('%s', (_, cases) => {
  for (const [name, user, act, refused] of cases)
    test(`${name} (${user})`, async () => {
      const done = act(as(user));
      if (refused === undefined) await done;
      else await expect(done).rejects.toThrow(refused);
    });
});
