import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import { csiNodes } from '../csi-node/definition.js';
import { csiStorageCapacities } from '../csi-storage-capacity/definition.js';
import type { CSIDriver, CSIDriverSpec, CSINode, CSINodeDriver, CSIStorageCapacity } from '../index.js';
import { csiDrivers } from './definition.js';
import { printer } from './printer.js';
import { csiDriverWarnings } from './warnings.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a CSIDriver', () => {
  const driver = (spec: CSIDriverSpec = {}): CSIDriver => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'disks.example.com' },
    spec,
  });

  it('is attached, and has volumes of their own, unless it says otherwise', () => {
    expect(rehearseCreate(csiDrivers, driver()).object.spec).toEqual({
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
      requiresRepublish: false,
      seLinuxMount: false,
    });
  });

  it('keeps no field of an alpha feature', () => {
    const { object } = rehearseCreate(csiDrivers, driver({ preventPodSchedulingIfMissing: true }));
    expect(object.spec).not.toHaveProperty('preventPodSchedulingIfMissing');
  });

  it.each<[reason: string, CSIDriverSpec, expected: string[]]>([
    ['asks for tokens of several audiences', { tokenRequests: [{ audience: '' }, { audience: 'vault' }] }, []],
    [
      'asks for a token of each audience once',
      { tokenRequests: [{ audience: 'a' }, { audience: 'a', expirationSeconds: 1 }] },
      ['spec.tokenRequests[1].audience: Duplicate value: "a"'],
    ],
    [
      'asks for tokens of ten minutes at least',
      { tokenRequests: [{ audience: 'a', expirationSeconds: 599 }] },
      ['spec.tokenRequests[0].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes'],
    ],
    [
      'and of 2^32 seconds at most',
      { tokenRequests: [{ audience: 'a', expirationSeconds: 2 ** 32 + 1 }] },
      [
        'spec.tokenRequests[0].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
      ],
    ],
    [
      'has known modes',
      { volumeLifecycleModes: ['Persistent', 'Sometimes'] },
      ['spec.volumeLifecycleModes: Unsupported value: "Sometimes": supported values: "Persistent", "Ephemeral"'],
    ],
    [
      'has a known policy for groups',
      { fsGroupPolicy: 'Maybe' },
      ['spec.fsGroupPolicy: Unsupported value: "Maybe": supported values: "File", "None", "ReadWriteOnceWithFSType"'],
    ],
    [
      'tells its limits every ten seconds at most',
      { nodeAllocatableUpdatePeriodSeconds: 9 },
      ['spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds'],
    ],
    [
      'hides tokens only where there are any',
      { serviceAccountTokenInSecrets: true },
      [
        'spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(csiDrivers, driver(spec)).errors)).toEqual(expected);
  });

  it('attaches as before and keeps its modes; any change counts', () => {
    const { object: old } = rehearseCreate(csiDrivers, driver());
    const next = driver({ attachRequired: false, volumeLifecycleModes: ['Ephemeral'] });
    const { object, errors } = rehearseUpdate(csiDrivers, next, old);
    expect(texts(errors)).toEqual([
      'spec.attachedRequired: Invalid value: false: field is immutable',
      'spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: field is immutable',
    ]);
    expect(object.metadata.generation).toBe(1);
  });

  it('is told to hide its tokens, when it first asks for them and when it asks for others', () => {
    const asking = driver({ tokenRequests: [{ audience: 'a' }] });
    expect(csiDriverWarnings(asking)).toEqual([expect.stringContaining('spec.serviceAccountTokenInSecrets is unset')]);
    expect(csiDriverWarnings(asking, driver())).toHaveLength(1);
    expect(csiDriverWarnings(asking, asking)).toEqual([]);
    expect(csiDriverWarnings(driver({ ...asking.spec, serviceAccountTokenInSecrets: false }))).toEqual([]);
  });

  it('shows whose tokens it asks for', () => {
    const cells = (spec: CSIDriverSpec) => printer.row(driver(spec), 0).slice(1, 7);
    expect(cells({})).toEqual([true, false, false, '<unset>', false, '<none>']);
    expect(
      cells({
        attachRequired: false,
        tokenRequests: [{ audience: 'a' }, { audience: 'b' }],
        volumeLifecycleModes: ['Persistent'],
      }),
    ).toEqual([false, false, false, 'a,b', false, 'Persistent']);
  });
});

describe('a CSINode', () => {
  const node = (...drivers: CSINodeDriver[]): CSINode => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name: 'node-1' },
    spec: { drivers },
  });
  const disks = (fields: Partial<CSINodeDriver> = {}): CSINodeDriver => ({
    name: 'disks.example.com',
    nodeID: 'node-1',
    ...fields,
  });

  it.each<[reason: string, CSINode, expected: string[]]>([
    ['may have no drivers', node(), []],
    ['knows a driver in either case', node(disks({ name: 'Disks.Example.Com' })), []],
    ['has each driver once', node(disks(), disks()), ['spec.drivers[1].name: Duplicate value: "disks.example.com"']],
    [
      'names drivers and itself',
      node(disks({ name: '', nodeID: '' })),
      ['spec.drivers[0].name: Required value', 'spec.drivers[0].nodeID: Required value'],
    ],
    [
      'has names that are not too long',
      node(disks({ name: 'a'.repeat(64), nodeID: 'i'.repeat(257) })),
      [
        'spec.drivers[0].name: Too long: may not be more than 63 bytes',
        expect.stringMatching(/^spec\.drivers\[0\]\.nodeID: Invalid value: "i+": must be 256 characters or less$/),
      ],
    ],
    [
      'holds no negative number of volumes',
      node(disks({ allocatable: { count: -1 } })),
      ['spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'says each topology key once',
      node(disks({ topologyKeys: ['zone', 'zone'] })),
      ['spec.drivers[0]: Duplicate value: "zone"'],
    ],
  ])('%s', (_reason, object, expected) => {
    expect(texts(rehearseCreate(csiNodes, object).errors)).toEqual(expected);
  });

  it('lets drivers come, go and count otherwise, but not become others', () => {
    const old = node(disks({ allocatable: { count: 5 } }));
    const change = (next: CSINode) => texts(rehearseUpdate(csiNodes, next, old).errors);
    expect(change(node())).toEqual([]);
    expect(change(node(disks({ allocatable: { count: 6 } }), disks({ name: 'files.example.com' })))).toEqual([]);
    expect(change(node(disks({ nodeID: 'node-2' })))).toEqual([
      'spec.drivers: Invalid value: {"name":"disks.example.com","nodeID":"node-2"}: field is immutable',
    ]);
  });
});

describe('a CSIStorageCapacity', () => {
  const capacity = (fields: Partial<CSIStorageCapacity> = {}): CSIStorageCapacity => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    metadata: { name: 'x', namespace: 'ns' },
    storageClassName: 'fast',
    ...fields,
  });

  it('is of a class, and of no less than nothing', () => {
    const { errors } = rehearseCreate(csiStorageCapacities, capacity({ storageClassName: '-', capacity: '-1Gi' }));
    expect(texts(errors)).toEqual([
      expect.stringContaining('storageClassName: Invalid value: "-": a lowercase RFC 1123 subdomain'),
      'capacity: Invalid value: "-1Gi": must be greater than or equal to 0',
    ]);
  });

  it('changes in nothing but what is left', () => {
    const old = capacity({ nodeTopology: { matchLabels: { zone: 'a' } }, capacity: '1Gi' });
    expect(rehearseUpdate(csiStorageCapacities, { ...old, capacity: '2Gi' }, old).errors).toEqual([]);
    expect(texts(rehearseUpdate(csiStorageCapacities, capacity({ storageClassName: 'slow' }), old).errors)).toEqual([
      'nodeTopology: Invalid value: null: field is immutable',
      'storageClassName: Invalid value: "slow": field is immutable',
    ]);
  });

  it('warns of labels that are out of use', () => {
    const nodeTopology = {
      matchLabels: { 'beta.kubernetes.io/arch': 'amd64' },
      matchExpressions: [{ key: 'failure-domain.beta.kubernetes.io/zone', operator: 'Exists' }],
    };
    expect(csiStorageCapacities.strategy.warnings?.(capacity({ nodeTopology }) as never)).toEqual([
      'nodeTopology.matchExpressions[0].key: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
      'nodeTopology.matchLabels.beta.kubernetes.io/arch: deprecated since v1.14; use "kubernetes.io/arch" instead',
    ]);
  });
});
