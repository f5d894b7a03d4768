import type { Pod, ProjectedVolumeSource, Volume } from '../index.js';
import { podReferences } from './references.js';

type SourceOf<T> = ReadonlyArray<readonly [keyof T, string]>;

const VOLUMES: SourceOf<Volume> = [
  ['configMap', 'configmaps (via configmap volumes)'],
  ['secret', 'secrets (via secret volumes)'],
  ['csi', 'csidrivers (via CSI volumes)'],
  ['glusterfs', 'endpoints (via glusterFS volumes)'],
  ['persistentVolumeClaim', 'persistentvolumeclaims'],
  ['ephemeral', 'persistentvolumeclaims (via ephemeral volumes)'],
  ['azureFile', 'secrets (via azureFile volumes)'],
];

type Projection = NonNullable<ProjectedVolumeSource['sources']>[number];
const PROJECTIONS: SourceOf<Projection> = [
  ['configMap', 'configmaps (via projected volumes)'],
  ['secret', 'secrets (via projected volumes)'],
  ['serviceAccountToken', 'serviceaccounts (via projected volumes)'],
  ['clusterTrustBundle', 'clustertrustbundles'],
  ['podCertificate', 'podcertificates'],
];

const sourceOf = <T extends object>(sources: SourceOf<T>, of: T): string | undefined =>
  sources.find(([key]) => of[key] !== undefined)?.[1];

function volumeReference(volume: Volume): string | undefined {
  const projected = (volume.projected?.sources ?? []).map((source) => sourceOf(PROJECTIONS, source));
  return sourceOf(VOLUMES, volume) ?? projected.find((found) => found !== undefined);
}

/** What of the API a Pod refers to, which a static Pod and its mirror must not. Behaves as kubernetes pkg/api/pod HasAPIObjectReference. */
export function apiReference({ metadata, spec }: Pod): string | undefined {
  if (spec?.serviceAccountName) return 'serviceaccounts';
  const { annotations: _, ...plain } = metadata;
  const names = [...podReferences({ apiVersion: 'v1', kind: 'Pod', metadata: plain, ...(spec && { spec }) })];
  const direct = ['secrets', 'configmaps'].find((kind) => names.some((name) => name.startsWith(`${kind}/`)));
  if (direct) return direct;
  if (spec?.resourceClaims?.length) return 'resourceclaims';
  return (spec?.volumes ?? []).map(volumeReference).find((found) => found !== undefined);
}
