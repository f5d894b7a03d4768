import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type CSIDriver, uniqueVolumeName } from '@binnacle/apis-kubernetes/storage/v1';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, isControlledBy } from '@binnacle/machinery-meta';
import { podName, podNamespace } from '../pod/identity.js';

/** Where a Pod's claims lead. */
export interface ClaimSource {
  /** The volume that a claim is bound to. Rejects with what is told where it has none that the Pod may use. */
  volumeOf(ctx: Context, pod: Pod, volume: Volume): Promise<PersistentVolume>;
  /** How nodes name a volume that has to be attached before it is mounted; undefined for one that needs not be. */
  attachmentOf(ctx: Context, volume: PersistentVolume): Promise<string | undefined>;
}

/** The claim a volume of a Pod stands for; undefined where it stands for none. */
export function claimNameOf(pod: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  return ephemeral ? `${podName(pod)}-${name}` : persistentVolumeClaim?.claimName;
}

function requireUsable(pod: Pod, volume: Volume, claim: PersistentVolumeClaim): void {
  const { namespace, name, deletionTimestamp } = claim.metadata;
  if (volume.ephemeral && !isControlledBy(claim, pod)) {
    throw new Error(`PVC ${namespace}/${name} was not created for pod ${namespace}/${podName(pod)} (pod is not owner)`);
  }
  if (deletionTimestamp) throw new Error('PVC is being deleted');
  if (claim.status?.phase !== 'Bound' || !claim.spec?.volumeName) throw new Error('PVC is not bound');
}

/** A volume whose driver nobody installed is mounted as it is: on a simulated node that does not fail. */
async function attachmentName(
  ctx: Context,
  drivers: ResourceClient<CSIDriver>,
  { spec }: PersistentVolume,
): Promise<string | undefined> {
  if (!spec?.csi) return undefined;
  const { driver, volumeHandle } = spec.csi;
  const known = await ignoreNotFound(drivers.get(ctx, { name: driver }));
  return known && known.spec.attachRequired !== false ? uniqueVolumeName(driver, volumeHandle) : undefined;
}

/** Asks the API server. Behaves as kubernetes pkg/kubelet/volumemanager getPVCExtractPV and getPVSpec. */
export function apiClaims(client: KubeClient): ClaimSource {
  const claims = client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumes = client.resource<PersistentVolume>(refs.persistentvolumes);
  const drivers = client.resource<CSIDriver>(refs.csidrivers);
  const find = async (ctx: Context, pod: Pod, volume: Volume): Promise<PersistentVolume> => {
    const name = claimNameOf(pod, volume) ?? '';
    const claim = await claims.get(ctx, { namespace: podNamespace(pod), name }).catch((error: unknown) => {
      throw new Error(`failed to fetch PVC from API server: ${error instanceof Error ? error.message : error}`);
    });
    requireUsable(pod, volume, claim);
    const persistent = await volumes.get(ctx, { name: claim.spec?.volumeName ?? '' });
    if (persistent.spec?.claimRef?.uid !== claim.metadata.uid)
      throw new Error(`PV ${persistent.metadata.name} is not bound to this claim`);
    return persistent;
  };
  return {
    attachmentOf: (ctx, volume) => attachmentName(ctx, drivers, volume),
    volumeOf: (ctx, pod, volume) =>
      find(ctx, pod, volume).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        const about = `unmounted volumes=[${volume.name}], unattached volumes=[], failed to process volumes=[${volume.name}]`;
        const claim = `${podNamespace(pod)}/${claimNameOf(pod, volume)}`;
        throw new Error(`Unable to attach or mount volumes: ${about}: error processing PVC ${claim}: ${why}`);
      }),
  };
}
