import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  TopologySelectorTerm,
} from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { LABEL_HOSTNAME } from '@binnacle/apis-kubernetes/well-known';
import { ANNOTATION_PROVISIONED_BY, classOf, referenceTo } from '@binnacle/control-scheduling';

/** Makes directories of one node, as local-path-provisioner does in kind. */
export const HOSTPATH_PROVISIONER = 'hostpath.binnacle.dev';
/** Makes volumes that every simulated node reaches, as network storage does. */
export const SIMULATED_PROVISIONER = 'simulated.binnacle.dev';
/** Where the directories of nodes are. */
export const HOSTPATH_ROOT = '/var/lib/binnacle/volumes';
/** On a volume that is to be taken away when its claim is gone: its provisioner has not done so yet. */
export const PROVISIONER_FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';

/** What a volume is made for; `node` is the one the claim's Pod will run on, where the class waits for that. */
export interface Order {
  readonly claim: PersistentVolumeClaim;
  readonly storage: StorageClass;
  readonly node: Node | undefined;
}

type Source = Pick<NonNullable<PersistentVolume['spec']>, 'csi' | 'hostPath' | 'nodeAffinity'>;

/** Throws an Error whose text is shown to who asked, where the volume cannot be made. */
type MakeSource = (order: Order, name: string) => Source;

function hostPath({ claim, node }: Order, name: string): Source {
  if (claim.spec?.selector) throw new Error('claim.Spec.Selector is not supported');
  if (!node) throw new Error('configuration error, no node was specified');
  const modes = claim.spec?.accessModes ?? [];
  if (modes.some((mode) => mode !== 'ReadWriteOnce' && mode !== 'ReadWriteOncePod'))
    throw new Error('only the access modes ReadWriteOnce and ReadWriteOncePod are supported');
  const hostname = node.metadata.labels?.[LABEL_HOSTNAME] ?? node.metadata.name ?? '';
  const matchExpressions = [{ key: LABEL_HOSTNAME, operator: 'In', values: [hostname] }];
  return {
    hostPath: { path: `${HOSTPATH_ROOT}/${name}`, type: 'DirectoryOrCreate' },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
  };
}

function allowed({ matchLabelExpressions = [] }: TopologySelectorTerm) {
  return { matchExpressions: matchLabelExpressions.map(({ key, values }) => ({ key, operator: 'In', values })) };
}

function simulated({ claim, storage }: Order, name: string): Source {
  if (claim.spec?.selector) throw new Error('claim.Spec.Selector is not supported');
  const terms = storage.allowedTopologies ?? [];
  return {
    csi: { driver: SIMULATED_PROVISIONER, volumeHandle: name },
    ...(terms.length > 0 && { nodeAffinity: { required: { nodeSelectorTerms: terms.map(allowed) } } }),
  };
}

const SOURCES: Readonly<Record<string, MakeSource>> = {
  [HOSTPATH_PROVISIONER]: hostPath,
  [SIMULATED_PROVISIONER]: simulated,
};

export const isOurs = (provisioner: string | undefined): provisioner is string =>
  provisioner !== undefined && Object.hasOwn(SOURCES, provisioner);

export const volumeNameFor = ({ metadata }: PersistentVolumeClaim): string => `pvc-${metadata.uid}`;

/** What the claim and its class say of the volume, whoever makes it. */
function asked({ claim, storage }: Order): NonNullable<PersistentVolume['spec']> {
  const { accessModes, resources, volumeMode, volumeAttributesClassName } = claim.spec ?? {};
  const { mountOptions, reclaimPolicy = 'Delete' } = storage;
  return {
    accessModes,
    capacity: { storage: resources?.requests?.storage ?? '0' },
    claimRef: referenceTo(claim),
    persistentVolumeReclaimPolicy: reclaimPolicy,
    storageClassName: classOf(claim),
    ...(volumeMode && { volumeMode }),
    ...(volumeAttributesClassName && { volumeAttributesClassName }),
    ...(mountOptions && { mountOptions }),
  };
}

/** The volume for a claim, as it is to be made. Throws an Error where it cannot be. */
export function volumeFor(order: Order): PersistentVolume {
  const { provisioner } = order.storage;
  const name = volumeNameFor(order.claim);
  const spec = asked(order);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: { [ANNOTATION_PROVISIONED_BY]: provisioner },
      ...(spec.persistentVolumeReclaimPolicy === 'Delete' && { finalizers: [PROVISIONER_FINALIZER] }),
    },
    spec: { ...spec, ...SOURCES[provisioner]?.(order, name) },
  };
}
