import type { Namespace } from '@binnacle/apis-kubernetes/core/v1';
import type { CSIDriver, StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { ANNOTATION_DEFAULT_CLASS } from '@binnacle/apis-kubernetes/well-known';
import { type Controller, createController, done, fromMapped } from '@binnacle/client-controller';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { isAlreadyExists, type KubeObject } from '@binnacle/machinery-meta';
import { HOSTPATH_PROVISIONER, SIMULATED_PROVISIONER } from './provisioners.js';

const NAMESPACE = 'kube-system';
/** Our own, on kube-system: its cluster was given its classes, which from then on are its administrator's. */
export const ANNOTATION_CLASSES_MADE = 'binnacle.dev/storage-classes';

/** The classes of a new cluster: one by default, with directories of nodes, and one that all nodes reach. */
export const STORAGE_CLASSES: readonly StorageClass[] = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { [ANNOTATION_DEFAULT_CLASS]: 'true' } },
    provisioner: HOSTPATH_PROVISIONER,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'simulated' },
    provisioner: SIMULATED_PROVISIONER,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
  },
];

/** Says of the volumes that all nodes reach that they are attached to a node first. */
const DRIVER: CSIDriver = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSIDriver',
  metadata: { name: SIMULATED_PROVISIONER },
  spec: { attachRequired: true },
};

async function makeOne<T extends KubeObject>(ctx: Context, client: ResourceClient<T>, object: T): Promise<void> {
  await client.create(ctx, object).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}

async function makeAll(ctx: Context, client: KubeClient): Promise<void> {
  const classes = client.resource<StorageClass>(refs.storageclasses);
  for (const storage of STORAGE_CLASSES) await makeOne(ctx, classes, storage);
  await makeOne(ctx, client.resource<CSIDriver>(refs.csidrivers), DRIVER);
}

/** Makes the classes, and the driver of the one, once in the life of a cluster. */
export function storageClassesController({ client, informers }: ControllerDeps): Controller {
  const namespaces = informers.for<Namespace>(refs.namespaces);
  const isDone = (namespace: Namespace | undefined) =>
    !namespace || namespace.metadata.annotations?.[ANNOTATION_CLASSES_MADE] !== undefined;
  return createController({
    name: 'storage-classes',
    reconciler: {
      async reconcile(ctx, key) {
        if (isDone(namespaces.get(key))) return done;
        await makeAll(ctx, client);
        const annotations = { [ANNOTATION_CLASSES_MADE]: 'made' };
        await client
          .resource<Namespace>(refs.namespaces)
          .patch(ctx, { name: key }, 'merge', { metadata: { annotations } });
        return done;
      },
    },
    sources: [fromMapped(namespaces, ({ metadata }) => (metadata.name === NAMESPACE ? NAMESPACE : undefined))],
  });
}
