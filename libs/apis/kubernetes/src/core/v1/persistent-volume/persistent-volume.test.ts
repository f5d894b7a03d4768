import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { PersistentVolume, PersistentVolumeSpec } from '../index.js';
import { persistentVolumes } from './definition.js';
import { printer } from './printer.js';
import { persistentVolumeWarnings } from './warnings.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const volume = (spec: PersistentVolumeSpec = {}, annotations?: Record<string, string>): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'disk', ...(annotations && { annotations }) },
  spec: {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    ...(Object.keys(spec).some((key) => !NO_SOURCES.has(key)) ? {} : { hostPath: { path: '/data' } }),
    ...spec,
  },
});
const NO_SOURCES = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);
const onNode = (key = 'kubernetes.io/hostname'): PersistentVolumeSpec['nodeAffinity'] => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: ['a'] }] }] },
});
const csi = { driver: 'disks.example.com', volumeHandle: 'h' };

describe('a PersistentVolume', () => {
  it('waits, is kept and holds files unless it says otherwise', () => {
    const at = '2026-01-01T00:00:00Z';
    const made = volume();
    const { object } = rehearseCreate(persistentVolumes, {
      ...made,
      metadata: { name: 'disk', creationTimestamp: at },
    });
    expect(object).toMatchObject({
      spec: {
        persistentVolumeReclaimPolicy: 'Retain',
        volumeMode: 'Filesystem',
        hostPath: { path: '/data', type: '' },
      },
      status: { phase: 'Pending', lastPhaseTransitionTime: at },
    });
  });

  it('completes old sources', () => {
    const of = (spec: PersistentVolumeSpec) => rehearseCreate(persistentVolumes, volume(spec)).object.spec;
    expect(of({ rbd: { monitors: ['m'], image: 'i' } })).toMatchObject({
      rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
    });
    expect(of({ azureDisk: { diskName: 'd', diskURI: 'https://x' } })).toMatchObject({
      azureDisk: { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' },
    });
    expect(of({ scaleIO: { gateway: 'g', system: 's', volumeName: 'v', secretRef: {} } })).toMatchObject({
      scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
    });
  });

  it.each<[reason: string, PersistentVolumeSpec, expected: string[]]>([
    ['is mounted somehow', { accessModes: [] }, ['spec.accessModes: Required value']],
    [
      'is mounted in known ways',
      { accessModes: ['Often'] },
      [
        'spec.accessModes: Unsupported value: "Often": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      ],
    ],
    [
      'for one Pod is for nothing else',
      { accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] },
      ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
    ],
    [
      'holds something',
      { capacity: {} },
      ['spec.capacity: Required value', 'spec.capacity: Unsupported value: null: supported values: "storage"'],
    ],
    [
      'holds storage and nothing else',
      { capacity: { storage: '1Gi', cpu: '1' } },
      ['spec.capacity: Unsupported value: {"storage":"1Gi","cpu":"1"}: supported values: "storage"'],
    ],
    [
      'holds more than nothing',
      { capacity: { storage: '0' } },
      ['spec.capacity[storage]: Invalid value: "0": must be greater than zero'],
    ],
    [
      'holds no less than nothing',
      { capacity: { storage: '-1' } },
      [
        'spec.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
        'spec.capacity[storage]: Invalid value: "-1": must be greater than zero',
      ],
    ],
    [
      'is reclaimed in a known way',
      { persistentVolumeReclaimPolicy: 'Burn' },
      [
        'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"',
      ],
    ],
    [
      'of a whole machine is not recycled',
      { hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' },
      ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
    ],
    [
      'is of a known mode',
      { volumeMode: 'Tape' },
      ['spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"'],
    ],
    [
      'is of a class with a name',
      { storageClassName: '-' },
      [expect.stringContaining('spec.storageClassName: Invalid value: "-": a lowercase RFC 1123 subdomain')],
    ],
    [
      'has attributes only with a driver',
      { volumeAttributesClassName: '' },
      [
        'spec.volumeAttributesClassName: Required value: an empty string is disallowed',
        'spec.csi: Required value: has to be specified when using volumeAttributesClassName',
      ],
    ],
    [
      'says nodes by what they must be',
      { nodeAffinity: {} },
      ['spec.nodeAffinity.required: Required value: must specify required node constraints'],
    ],
    [
      'on a local disk is on a node',
      { local: { path: '/mnt' } },
      ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    ['on a local disk of a node may be', { local: { path: '/mnt' }, nodeAffinity: onNode() }, []],
    [
      'has one source',
      { nfs: { server: 's', path: '/' }, csi, cephfs: { monitors: ['m'] } },
      [
        'spec.cephFS: Forbidden: may not specify more than 1 volume type',
        'spec.csi: Forbidden: may not specify more than 1 volume type',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(persistentVolumes, volume(spec)).errors)).toEqual(expected);
  });

  it('has a source', () => {
    const bare = { ...volume(), spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] } };
    expect(texts(rehearseCreate(persistentVolumes, bare).errors)).toEqual([
      'spec: Required value: must specify a volume type',
    ]);
  });

  const required = (...fields: string[]) => fields.map((field) => `spec.${field}: Required value`);

  it.each<[reason: string, PersistentVolumeSpec, expected: string[]]>([
    ['hostPath', { hostPath: { path: '' } }, required('hostPath.path')],
    [
      'hostPath',
      { hostPath: { path: '/a/..' } },
      [`spec.hostPath.path: Invalid value: "/a/..": must not contain '..'`],
    ],
    ['local', { local: { path: '' }, nodeAffinity: onNode() }, required('local.path')],
    ['nfs', { nfs: { server: '', path: '/x' } }, required('nfs.server')],
    [
      'gcePersistentDisk',
      { gcePersistentDisk: { pdName: '', partition: 256 } },
      [
        ...required('persistentDisk.pdName'),
        'spec.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive',
      ],
    ],
    ['awsElasticBlockStore', { awsElasticBlockStore: { volumeID: '' } }, required('awsElasticBlockStore.volumeID')],
    [
      'glusterfs',
      { glusterfs: { endpoints: '', path: '', endpointsNamespace: '' } },
      [
        ...required('glusterfs.endpoints', 'glusterfs.path'),
        'spec.glusterfs.endpointsNamespace: Invalid value: "": if the endpointnamespace is set, it must be a valid namespace name',
      ],
    ],
    ['flocker', { flocker: {} }, ['spec.flocker: Required value: one of datasetName and datasetUUID is required']],
    [
      'flocker',
      { flocker: { datasetName: 'a/b', datasetUUID: 'c' } },
      [
        'spec.flocker: Invalid value: "resource": datasetName and datasetUUID can not be specified simultaneously',
        `spec.flocker.datasetName: Invalid value: "a/b": must not contain '/'`,
      ],
    ],
    ['rbd', { rbd: { monitors: [], image: '' } }, required('rbd.monitors', 'rbd.image')],
    [
      'quobyte',
      { quobyte: { registry: 'a:1,b', volume: '' } },
      [
        'spec.quobyte.registry: Invalid value: "a:1,b": must be a host:port pair or multiple pairs separated by commas',
        ...required('quobyte.volume'),
      ],
    ],
    [
      'quobyte',
      { quobyte: { registry: 'a:1', volume: 'v', tenant: 't'.repeat(65) } },
      ['spec.quobyte.tenant: Required value: must be a UUID and may not exceed a length of 64 characters'],
    ],
    ['cephfs', { cephfs: { monitors: [] } }, required('cephfs.monitors')],
    [
      'cinder',
      { cinder: { volumeID: '', secretRef: {} } },
      required('cinder.volumeID', 'cinder.secretRef.name', 'cinder.secretRef.namespace'),
    ],
    [
      'iscsi',
      { iscsi: { targetPortal: '', iqn: '', lun: 256, chapAuthSession: true } },
      [
        ...required('iscsi.targetPortal', 'iscsi.iqn'),
        'spec.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive',
        ...required('iscsi.secretRef'),
      ],
    ],
    ['iscsi', { iscsi: { targetPortal: 'p', iqn: 'iqn.2015-02.example.com:test', lun: 1 } }, []],
    ['iscsi', { iscsi: { targetPortal: 'p', iqn: 'eui.0123456789ABCDEF', lun: 1 } }, []],
    [
      'iscsi',
      { iscsi: { targetPortal: 'p', iqn: 'naa.1', lun: 1, initiatorName: 'me' } },
      [
        'spec.iscsi.iqn: Invalid value: "naa.1": must be valid format',
        'spec.iscsi.initiatorname: Invalid value: "me": must be valid format',
      ],
    ],
    ['fc', { fc: { wwids: ['a'] } }, []],
    ['fc', { fc: {} }, ['spec.fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both']],
    [
      'fc',
      { fc: { targetWWNs: ['a'], wwids: ['b'] } },
      [
        'spec.fc.targetWWNs: Invalid value: ["a"]: targetWWNs and wwids can not be specified simultaneously',
        'spec.fc.lun: Required value: lun is required if targetWWNs is specified',
      ],
    ],
    [
      'flexVolume',
      { flexVolume: { driver: '', options: { 'Kubernetes.io/x': '', 'a.k8s.io/x': '', k8s: '' } } },
      [
        ...required('flexVolume.driver'),
        'spec.flexVolume.options[Kubernetes.io/x]: Invalid value: "Kubernetes.io/x": kubernetes.io and k8s.io namespaces are reserved',
        'spec.flexVolume.options[a.k8s.io/x]: Invalid value: "a.k8s.io/x": kubernetes.io and k8s.io namespaces are reserved',
      ],
    ],
    [
      'azureFile',
      { azureFile: { secretName: '', shareName: '', secretNamespace: '' } },
      required('azureFile.secretName', 'azureFile.shareName', 'azureFile.secretNamespace'),
    ],
    [
      'azureDisk',
      { azureDisk: { diskName: '', diskURI: 'x', cachingMode: 'All', kind: 'Managed' } },
      [
        ...required('azureDisk.diskName'),
        'spec.azureDisk.cachingMode: Unsupported value: "All": supported values: "None", "ReadOnly", "ReadWrite"',
        'spec.azureDisk.diskURI: Unsupported value: "x": supported values: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"',
      ],
    ],
    ['vsphereVolume', { vsphereVolume: { volumePath: '' } }, required('vsphereVolume.volumePath')],
    ['photonPersistentDisk', { photonPersistentDisk: { pdID: '' } }, required('photonPersistentDisk.pdID')],
    ['portworxVolume', { portworxVolume: { volumeID: '' } }, required('portworxVolume.volumeID')],
    [
      'scaleIO',
      { scaleIO: { gateway: '', system: '', secretRef: {} } },
      required('scaleIO.gateway', 'scaleIO.system', 'scaleIO.volumeName'),
    ],
    [
      'storageos',
      { storageos: { secretRef: {} } },
      required('storageos.volumeName', 'storageos.secretRef.name', 'storageos.secretRef.namespace'),
    ],
    [
      'csi',
      { csi: { driver: '', volumeHandle: '', nodePublishSecretRef: {} } },
      required('csi.driver', 'csi.volumeHandle', 'csi.nodePublishSecretRef.name', 'csi.nodePublishSecretRef.namespace'),
    ],
  ])('%s needs what it needs: %j', (_kind, spec, expected) => {
    expect(texts(rehearseCreate(persistentVolumes, volume(spec)).errors)).toEqual(expected);
  });

  it('takes mount options from an annotation only where it always has', () => {
    const annotations = { 'volume.beta.kubernetes.io/mount-options': 'ro' };
    const errors = (spec: PersistentVolumeSpec) =>
      texts(rehearseCreate(persistentVolumes, volume(spec, annotations)).errors);
    expect(errors({ nfs: { server: 's', path: '/' } })).toEqual([]);
    expect(errors({ csi })).toEqual([
      'metadata.annotations.volume.beta.kubernetes.io/mount-options: Forbidden: may not specify mount options for this volume type',
    ]);
  });
});

describe('a change of a PersistentVolume', () => {
  const change = (next: PersistentVolumeSpec, old: PersistentVolumeSpec) => {
    const { object } = rehearseCreate(persistentVolumes, volume(old));
    return texts(rehearseUpdate(persistentVolumes, volume(next), object).errors);
  };

  it.each<[reason: string, next: PersistentVolumeSpec, old: PersistentVolumeSpec, expected: string[]]>([
    ['may be of its claim', { claimRef: { name: 'c', namespace: 'ns' } }, {}, []],
    [
      'is not of its source',
      { hostPath: { path: '/other' } },
      {},
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n  spec.hostPath',
      ],
    ],
    [
      'may add the secret a driver expands it with, once',
      { csi: { ...csi, controllerExpandSecretRef: { name: 's', namespace: 'ns' } } },
      { csi },
      [],
    ],
    ['is not of its mode', { volumeMode: 'Block' }, {}, ['volumeMode: Invalid value: "Block": field is immutable']],
    ['may say nodes for the first time', { nodeAffinity: onNode() }, {}, []],
    [
      'may bring a label up to date',
      { nodeAffinity: onNode('topology.kubernetes.io/zone') },
      { nodeAffinity: onNode('failure-domain.beta.kubernetes.io/zone') },
      [],
    ],
    [
      'is not of the nodes',
      { nodeAffinity: onNode('other') },
      { nodeAffinity: onNode() },
      [
        expect.stringMatching(
          /^nodeAffinity: Invalid value: .*: field is immutable, except for updating from beta label to GA$/,
        ),
      ],
    ],
    [
      'takes no attributes away',
      { csi },
      { csi, volumeAttributesClassName: 'gold' },
      ['spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden'],
    ],
  ])('%s', (_reason, next, old, expected) => expect(change(next, old)).toEqual(expected));

  const NOW = Date.parse('2026-01-02T00:00:00Z');
  const before = '2026-01-01T00:00:00Z';
  const told = '2025-12-31T00:00:00Z';

  it.each([
    ['keeps the time while the phase stays', 'Pending', undefined, before],
    ['notes the time when it changes', 'Bound', undefined, '2026-01-02T00:00:00Z'],
    ['notes it where the client only repeats the old one', 'Bound', before, '2026-01-02T00:00:00Z'],
    ['believes a client that says another', 'Bound', told, told],
    ['and one that corrects it', 'Pending', told, told],
  ])('of its status %s', (_reason, phase, lastPhaseTransitionTime, expected) => {
    const old = { ...volume(), status: { phase: 'Pending', lastPhaseTransitionTime: before } };
    const status = { phase, ...(lastPhaseTransitionTime && { lastPhaseTransitionTime }) };
    const { object, errors } = rehearseStatusUpdate(persistentVolumes, { ...volume({ csi }), status }, old, NOW);
    expect([object.status, errors]).toEqual([{ phase, lastPhaseTransitionTime: expected }, []]);
    expect(object.spec).toEqual(old.spec);
  });
});

it('a PersistentVolume warns of what is out of use', () => {
  const spec: PersistentVolumeSpec = {
    persistentVolumeReclaimPolicy: 'Recycle',
    nodeAffinity: onNode('beta.kubernetes.io/os'),
    storageos: { volumeName: 'v' },
  };
  const annotations = { 'volume.beta.kubernetes.io/storage-class': 'x' };
  expect(persistentVolumeWarnings(volume(spec, annotations))).toEqual([
    'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
    'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    'spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead',
    'spec.storageOS: deprecated in v1.22, non-functional in v1.25+',
  ]);
});

it('a PersistentVolume shows what it holds and whose it is', () => {
  const object = volume({ claimRef: { name: 'c', namespace: 'ns' }, accessModes: ['ReadWriteMany', 'ReadWriteOnce'] });
  const cells = (more: Partial<PersistentVolume>) => printer.row({ ...object, ...more }, 0).slice(1, 8);
  expect(cells({ status: { phase: 'Bound' } })).toEqual(['10Gi', 'RWO,RWX', '', 'Bound', 'ns/c', '', '<unset>']);
  const going = { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
  expect(cells({ metadata: going })[3]).toBe('Terminating');
});
