import type { Node, PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import { compareQuantities } from '@binnacle/machinery-quantity';
import { fittingVolumes, reachOf } from '../../volumes/find-volume.js';
import { ANNOTATION_SELECTED_NODE, classOf, NO_PROVISIONER } from '../../volumes/volume-facts.js';
import type { StorageView } from './storage-view.js';

/** What claims are given on a node: volumes there are, or ones to be made. */
export interface VolumeChoice {
  readonly found: ReadonlyArray<{ readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }>;
  readonly toMake: readonly PersistentVolumeClaim[];
}

/** Names of volumes that claims of other Pods were promised, with the uids of those claims. */
export type Promised = ReadonlyMap<string, string>;

/** Answers for one node; undefined where a claim cannot be served there. */
export type VolumeChooser = (node: Node) => VolumeChoice | undefined;

interface Offer {
  readonly volume: PersistentVolume;
  readonly reaches: (node: Node) => boolean;
}

/** What a claim may be given, the same for all nodes. */
interface Demand {
  readonly claim: PersistentVolumeClaim;
  /** The best first. */
  readonly offers: readonly Offer[];
  readonly canBeMade: (node: Node) => boolean;
}

const requestOf = ({ spec }: PersistentVolumeClaim) => spec?.resources?.requests?.storage;
const selectedFor = ({ metadata }: PersistentVolumeClaim) => metadata.annotations?.[ANNOTATION_SELECTED_NODE];

/** Tells of nodes whether the claim's class could make a volume there. */
function making(claim: PersistentVolumeClaim, storage: StorageView): (node: Node) => boolean {
  const { provisioner, allowedTopologies = [] } = storage.storageClass(classOf(claim)) ?? {};
  if (!provisioner || provisioner === NO_PROVISIONER) return () => false;
  if (allowedTopologies.length === 0) return () => true;
  return (node) =>
    allowedTopologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? '')),
    );
}

/** A Pod that shares the claim may have been promised a volume for it: then it is that one. */
function offersFor(claim: PersistentVolumeClaim, storage: StorageView, promised: Promised): Offer[] {
  const holderOf = ({ metadata }: PersistentVolume) => promised.get(metadata.name ?? '');
  const fitting = fittingVolumes(claim, storage.candidates(claim));
  const own = fitting.find((volume) => holderOf(volume) === claim.metadata.uid);
  const offered = own ? [own] : fitting.filter((volume) => holderOf(volume) === undefined);
  return offered.map((volume) => ({ volume, reaches: reachOf(volume) }));
}

function choose(demands: readonly Demand[], node: Node): VolumeChoice | undefined {
  const found = new Map<PersistentVolume, PersistentVolumeClaim>();
  const toMake: PersistentVolumeClaim[] = [];
  for (const { claim, offers, canBeMade } of demands) {
    const selected = selectedFor(claim);
    if (selected !== undefined && selected !== node.metadata.name) return undefined;
    const offer = offers.find(({ volume, reaches }) => !found.has(volume) && reaches(node));
    if (offer) found.set(offer.volume, claim);
    else if (canBeMade(node)) toMake.push(claim);
    else return undefined;
  }
  return { found: [...found].map(([volume, claim]) => ({ claim, volume })), toMake };
}

/**
 * Chooses volumes for claims on nodes, the smallest claim first. Looks once at the volumes, however many nodes are asked about.
 * Behaves as kubernetes pkg/scheduler/framework/plugins/volumebinding FindPodVolumes.
 */
export function volumeChooser(
  claims: readonly PersistentVolumeClaim[],
  storage: StorageView,
  promised: Promised,
): VolumeChooser {
  const ordered = [...claims].sort((a, b) => compareQuantities(requestOf(a), requestOf(b)));
  const demands = ordered.map((claim): Demand => {
    // One for which a node is chosen has its volume made there.
    const offers = selectedFor(claim) === undefined ? offersFor(claim, storage, promised) : [];
    return { claim, offers, canBeMade: making(claim, storage) };
  });
  return (node) => choose(demands, node);
}
