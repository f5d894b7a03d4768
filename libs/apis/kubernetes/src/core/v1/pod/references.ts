import type { Container, EphemeralContainer, Pod, Volume } from '../index.js';
import { ANNOTATION_CONFIG_MIRROR } from '../../../well-known/index.js';

/** What a Pod gives its node access to. */
export type ReferenceKind = 'configmaps' | 'secrets' | 'persistentvolumeclaims' | 'serviceaccounts' | 'resourceclaims';

/** Marks the API's image of a static Pod; its value identifies the manifest. */

type AnyContainer = Container | EphemeralContainer;
type Found = readonly [kind: ReferenceKind, name: string | undefined];

const containersOf = ({ spec }: Pod): readonly AnyContainer[] => [
  ...(spec?.initContainers ?? []),
  ...(spec?.containers ?? []),
  ...(spec?.ephemeralContainers ?? []),
];

function ofContainer({ env = [], envFrom = [] }: AnyContainer): Found[] {
  return [
    ...envFrom.flatMap(({ configMapRef, secretRef }): Found[] => [
      ['configmaps', configMapRef?.name],
      ['secrets', secretRef?.name],
    ]),
    ...env.flatMap(({ valueFrom }): Found[] => [
      ['configmaps', valueFrom?.configMapKeyRef?.name],
      ['secrets', valueFrom?.secretKeyRef?.name],
    ]),
  ];
}

/** Volume sources that name a Secret in a field of their own. Behaves as kubernetes pkg/api/v1/pod VisitPodSecretNames. */
function secretsOf(volume: Volume): Array<string | undefined> {
  const { azureFile, cephfs, flexVolume, rbd, scaleIO, iscsi, storageos, csi, secret, projected } = volume;
  return [
    azureFile?.secretName,
    ...[cephfs, flexVolume, rbd, scaleIO, iscsi, storageos].map((source) => source?.secretRef?.name),
    csi?.nodePublishSecretRef?.name,
    secret?.secretName,
    ...(projected?.sources ?? []).map((source) => source.secret?.name),
  ];
}

function ofVolume(volume: Volume, pod: Pod): Found[] {
  const { configMap, projected, persistentVolumeClaim, ephemeral } = volume;
  const maps = [configMap?.name, ...(projected?.sources ?? []).map((source) => source.configMap?.name)];
  const made = ephemeral && `${pod.metadata.name}-${volume.name}`;
  return [
    ...secretsOf(volume).map((name): Found => ['secrets', name]),
    ...maps.map((name): Found => ['configmaps', name]),
    ['persistentvolumeclaims', persistentVolumeClaim?.claimName ?? made],
  ];
}

/** Claims of devices: named, made from a template, or for extended resources. */
function claimsOf({ spec, status }: Pod): Found[] {
  const { resourceClaimStatuses = [], extendedResourceClaimStatus } = status ?? {};
  const named = [...(spec?.resourceClaims ?? []), ...resourceClaimStatuses].map((claim) => claim.resourceClaimName);
  return [...named, extendedResourceClaimStatus?.resourceClaimName].map((name): Found => ['resourceclaims', name]);
}

/**
 * `<kind>/<name>` of all that a Pod leads to in its namespace. A mirror Pod leads nowhere: its node made it. Behaves as
 * kubernetes plugin/pkg/auth/authorizer/node Graph.AddPod.
 */
export function podReferences(pod: Pod): ReadonlySet<string> {
  if (pod.metadata.annotations?.[ANNOTATION_CONFIG_MIRROR] !== undefined) return new Set();
  const found: Found[] = [
    ['serviceaccounts', pod.spec?.serviceAccountName],
    ...(pod.spec?.imagePullSecrets ?? []).map(({ name }): Found => ['secrets', name]),
    ...containersOf(pod).flatMap(ofContainer),
    ...(pod.spec?.volumes ?? []).flatMap((volume) => ofVolume(volume, pod)),
    ...claimsOf(pod),
  ];
  return new Set(found.flatMap(([kind, name]) => (name ? [`${kind}/${name}`] : [])));
}
