import {
  type FieldError,
  type FieldPath,
  forbidden,
  inclusiveRange,
  invalid,
  invalidEach,
  isDns1123Label,
  isDns1123Subdomain,
  nameIsDnsLabel,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { optional, present, type Rule, wellFormed, validateSupported } from '@binnacle/apis-registry';
import { validateDriverName } from '../csi-driver-name.js';
import type { PersistentVolumeSpec, SecretReference } from '../index.js';
import { validateNoBacksteps } from '../pod/path-validation.js';
import { validateHostPath, validateNfs } from '../pod/volume-validation.js';
import { validateFibreChannel, validateIscsi } from './iscsi-validation.js';

type SourceKind = Exclude<
  keyof PersistentVolumeSpec,
  | 'accessModes'
  | 'capacity'
  | 'claimRef'
  | 'mountOptions'
  | 'nodeAffinity'
  | 'persistentVolumeReclaimPolicy'
  | 'storageClassName'
  | 'volumeAttributesClassName'
  | 'volumeMode'
>;
type Source<K extends SourceKind> = NonNullable<PersistentVolumeSpec[K]>;
type SourceRule<K extends SourceKind> = (source: Source<K>, path: FieldPath, volume: string) => FieldError[];

const HOST_PORTS = 'must be a host:port pair or multiple pairs separated by commas';
const HOST_PORT = /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/;
const MAX_TENANT = 64;
const CACHING_MODES = ['None', 'ReadOnly', 'ReadWrite'];
const DISK_KINDS = ['Dedicated', 'Managed', 'Shared'];
const MANAGED_URI = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const BLOB_URI = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
const RESERVED_OPTION = /(^|\.)(kubernetes\.io|k8s\.io)$/i;

function validatePartition(partition = 0, path: FieldPath): FieldError[] {
  return partition >= 0 && partition <= 255 ? [] : [invalid(path, partition, inclusiveRange(1, 255))];
}

const named: Rule<{ readonly name?: string; readonly namespace?: string }> = (reference, path) => [
  ...present(reference.name, path.child('name')),
  ...present(reference.namespace, path.child('namespace')),
];

const wellNamed: Rule<SecretReference> = ({ name, namespace }, path) => [
  ...wellFormed(name, path.child('name'), isDns1123Subdomain),
  ...wellFormed(namespace, path.child('namespace'), isDns1123Label),
];

const validateFlocker: SourceRule<'flocker'> = ({ datasetName: name = '', datasetUUID: id = '' }, path) => [
  ...(name || id ? [] : [required(path, 'one of datasetName and datasetUUID is required')]),
  ...(name && id ? [invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously')] : []),
  ...(name.includes('/') ? [invalid(path.child('datasetName'), name, "must not contain '/'")] : []),
];

function validateRegistry({ registry, tenant = '' }: Source<'quobyte'>, path: FieldPath): FieldError[] {
  const at = path.child('registry');
  if (!registry) return [required(at, HOST_PORTS)];
  if (tenant.length > MAX_TENANT)
    return [required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters')];
  const wrong = registry.split(',').filter((pair) => !HOST_PORT.test(pair));
  return wrong.map(() => invalid(at, registry, HOST_PORTS));
}

function validateDiskUri({ kind, diskURI = '' }: Source<'azureDisk'>, path: FieldPath): FieldError[] {
  if (kind === undefined) return [];
  const managed = kind === 'Managed';
  const right = diskURI.startsWith(managed ? '/subscriptions/' : 'https://');
  return right ? [] : [notSupported(path, diskURI, [managed ? MANAGED_URI : BLOB_URI])];
}

const validateAzureDisk: SourceRule<'azureDisk'> = (disk, path) => [
  ...present(disk.diskName, path.child('diskName')),
  ...present(disk.diskURI, path.child('diskURI')),
  ...optional(disk.cachingMode, path.child('cachingMode'), (mode, at) => validateSupported(mode, at, CACHING_MODES)),
  ...optional(disk.kind, path.child('kind'), (kind, at) => validateSupported(kind, at, DISK_KINDS)),
  ...validateDiskUri(disk, path.child('diskURI')),
];

function validateFlexOptions(options: Readonly<Record<string, string>> = {}, path: FieldPath): FieldError[] {
  return Object.keys(options)
    .filter((key) => RESERVED_OPTION.test(key.includes('/') ? (key.split('/')[0] ?? '') : key))
    .map((key) => invalid(path.key(key), key, 'kubernetes.io and k8s.io namespaces are reserved'));
}

function validateEndpointsNamespace(namespace: string, path: FieldPath): FieldError[] {
  const why = 'if the endpointnamespace is set, it must be a valid namespace name';
  return invalidEach(path, namespace, namespace ? nameIsDnsLabel(namespace, false) : [why]);
}

const validateCsi: SourceRule<'csi'> = (csi, path) => [
  ...validateDriverName(csi.driver, path.child('driver')),
  ...present(csi.volumeHandle, path.child('volumeHandle')),
  ...(
    ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const
  ).flatMap((field) => optional(csi[field], path.child(field), wellNamed)),
];

/** What each source needs, in upstream's order, which decides which of two is the one too many. */
const RULES: { readonly [K in SourceKind]: SourceRule<K> } = {
  hostPath: validateHostPath,
  gcePersistentDisk: (disk, path) => [
    ...present(disk.pdName, path.child('pdName')),
    ...validatePartition(disk.partition, path.child('partition')),
  ],
  awsElasticBlockStore: (disk, path) => [
    ...present(disk.volumeID, path.child('volumeID')),
    ...validatePartition(disk.partition, path.child('partition')),
  ],
  glusterfs: (source, path) => [
    ...present(source.endpoints, path.child('endpoints')),
    ...present(source.path, path.child('path')),
    ...optional(source.endpointsNamespace, path.child('endpointsNamespace'), validateEndpointsNamespace),
  ],
  flocker: validateFlocker,
  nfs: validateNfs,
  rbd: (source, path) => [
    ...(source.monitors?.length ? [] : [required(path.child('monitors'))]),
    ...present(source.image, path.child('image')),
  ],
  quobyte: (source, path) => [...validateRegistry(source, path), ...present(source.volume, path.child('volume'))],
  cephfs: ({ monitors }, path) => (monitors?.length ? [] : [required(path.child('monitors'))]),
  iscsi: validateIscsi,
  cinder: (source, path) => [
    ...present(source.volumeID, path.child('volumeID')),
    ...optional(source.secretRef, path.child('secretRef'), named),
  ],
  fc: validateFibreChannel,
  flexVolume: (source, path) => [
    ...present(source.driver, path.child('driver')),
    ...validateFlexOptions(source.options, path.child('options')),
  ],
  azureFile: (source, path) => [
    ...present(source.secretName, path.child('secretName')),
    ...present(source.shareName, path.child('shareName')),
    ...(source.secretNamespace === '' ? [required(path.child('secretNamespace'))] : []),
  ],
  vsphereVolume: ({ volumePath }, path) => present(volumePath, path.child('volumePath')),
  photonPersistentDisk: ({ pdID }, path) => present(pdID, path.child('pdID')),
  portworxVolume: ({ volumeID }, path) => present(volumeID, path.child('volumeID')),
  azureDisk: validateAzureDisk,
  scaleIO: (source, path) => [
    ...present(source.gateway, path.child('gateway')),
    ...present(source.system, path.child('system')),
    ...present(source.volumeName, path.child('volumeName')),
  ],
  local: ({ path: target }, path) =>
    target ? validateNoBacksteps(target, path.child('path')) : [required(path.child('path'))],
  storageos: (source, path) => [
    ...wellFormed(source.volumeName, path.child('volumeName'), isDns1123Label),
    ...(source.volumeNamespace
      ? invalidEach(path.child('volumeNamespace'), source.volumeNamespace, isDns1123Label(source.volumeNamespace))
      : []),
    ...optional(source.secretRef, path.child('secretRef'), named),
  ],
  csi: validateCsi,
};

const KINDS = Object.keys(RULES) as SourceKind[];

/** The sources that a spec says, by kind. */
export function sourcesOf(spec: PersistentVolumeSpec): Pick<PersistentVolumeSpec, SourceKind> {
  return Object.fromEntries(KINDS.filter((kind) => spec[kind] !== undefined).map((kind) => [kind, spec[kind]]));
}

/** Sources that once took their mount options from an annotation. */
export const MOUNT_OPTION_SOURCES: readonly SourceKind[] = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
];

/** Two are shown under another name, the second only where it is one too many. */
const SHOWN: Readonly<Partial<Record<SourceKind, string>>> = { gcePersistentDisk: 'persistentDisk' };
const EXTRA: Readonly<Partial<Record<SourceKind, string>>> = { cephfs: 'cephFS' };

/** A volume has one source; `volume` is its name. A local one says on which node it is. */
export function validateVolumeSource(spec: PersistentVolumeSpec, path: FieldPath, volume: string): FieldError[] {
  const kinds = Object.keys(sourcesOf(spec)) as SourceKind[];
  if (kinds.length === 0) return [required(path, 'must specify a volume type')];
  return kinds.flatMap((kind, index) => {
    // Upstream forgot to count this one.
    if (index > 0 && kind !== 'flexVolume')
      return [forbidden(path.child(EXTRA[kind] ?? kind), 'may not specify more than 1 volume type')];
    const rule = RULES[kind] as (source: unknown, at: FieldPath, name: string) => FieldError[];
    const errors = rule(spec[kind], path.child(SHOWN[kind] ?? kind), volume);
    if (kind !== 'local' || spec.nodeAffinity) return errors;
    return [...errors, required(path.child('nodeAffinity'), 'Local volume requires node affinity')];
  });
}
