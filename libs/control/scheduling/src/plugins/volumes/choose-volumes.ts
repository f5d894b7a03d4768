import type { Node, PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { compareQuantities } from '@binnacle/machinery-quantity';
import { findVolume } from '../../volumes/find-volume.js';
import { ANNOTATION_SELECTED_NODE, classOf, NO_PROVISIONER } from '../../volumes/volume-facts.js';
import type { StorageView } from './storage-view.js';

/** What claims are given on a node: volumes there are, or ones to be made. */
export interface VolumeChoice {
  readonly found: ReadonlyArray<{ readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }>;
  readonly toMake: readonly PersistentVolumeClaim[];
}

const requestOf = ({ spec }: PersistentVolumeClaim) => spec?.resources?.requests?.storage;

/** Whether the claim's class could make a volume for the node. */
function canBeMade(claim: PersistentVolumeClaim, node: Node, storage: StorageView): boolean {
  const { provisioner, allowedTopologies = [] } = storage.storageClass(classOf(claim)) ?? {};
  if (!provisioner || provisioner === NO_PROVISIONER) return false;
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? '')),
  );
}

/**
 * Volumes for claims on a node, the smallest claim first; undefined where one cannot be served there. `taken` names volumes
 * promised to other Pods. Behaves as kubernetes pkg/scheduler/framework/plugins/volumebinding FindPodVolumes.
 */
export function chooseVolumes(
  claims: readonly PersistentVolumeClaim[],
  node: Node,
  storage: StorageView,
  taken: ReadonlySet<string>,
): VolumeChoice | undefined {
  const promised = new Set(taken);
  const found: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const toMake: PersistentVolumeClaim[] = [];
  const ordered = [...claims].sort((a, b) => compareQuantities(requestOf(a), requestOf(b)));
  for (const claim of ordered) {
    const selected = claim.metadata.annotations?.[ANNOTATION_SELECTED_NODE];
    if (selected !== undefined && selected !== node.metadata.name) return undefined;
    const search = { node, taken: promised, delayed: true };
    const volume = selected === undefined ? findVolume(claim, storage.volumes(), search) : undefined;
    if (volume) {
      promised.add(volume.metadata.name ?? '');
      found.push({ claim, volume });
    } else if (canBeMade(claim, node, storage)) toMake.push(claim);
    else return undefined;
  }
  return { found, toMake };
}
