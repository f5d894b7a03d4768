import type { PersistentVolumeClaim, Pod, Volume } from '@binnacle/apis-kubernetes/core/v1';
import { controllerReferenceTo, isControlledBy } from '@binnacle/machinery-meta';

/** A volume of a Pod whose claim is to be made, or whose name another claim has. */
export type EphemeralStep =
  | { readonly act: 'create'; readonly volume: string; readonly claim: PersistentVolumeClaim }
  | { readonly act: 'refuse'; readonly volume: string; readonly why: string };

function claimOf(pod: Pod, { name, ephemeral }: Volume): PersistentVolumeClaim {
  const { metadata, spec } = ephemeral?.volumeClaimTemplate ?? {};
  const { labels, annotations } = metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: `${pod.metadata.name}-${name}`,
      namespace: pod.metadata.namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ownerReferences: [controllerReferenceTo(pod, { apiVersion: 'v1', kind: 'Pod' })],
    },
    ...(spec && { spec }),
  };
}

/** The claims that a Pod's ephemeral volumes lack. Behaves as kubernetes pkg/controller/volume/ephemeral. */
export function planEphemeral(
  pod: Pod,
  claimNamed: (name: string) => PersistentVolumeClaim | undefined,
): EphemeralStep[] {
  if (pod.metadata.deletionTimestamp) return [];
  return (pod.spec?.volumes ?? []).flatMap((volume): EphemeralStep[] => {
    if (!volume.ephemeral) return [];
    const claim = claimOf(pod, volume);
    const { name = '', namespace } = claim.metadata;
    const there = claimNamed(name);
    if (!there) return [{ act: 'create', volume: volume.name, claim }];
    if (isControlledBy(there, pod)) return [];
    const why = `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`;
    return [{ act: 'refuse', volume: volume.name, why }];
  });
}
