import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { PodInfo } from '../pod/pod-info.js';

/** Which parts of a node differ from before. A new node differs in all of them. */
export interface NodeChanges {
  readonly allocatable: boolean;
  readonly labels: boolean;
  readonly taints: boolean;
  /** What its kubelet declares to know. */
  readonly features: boolean;
}

/** Something happened that may let a waiting Pod be scheduled. */
export type ClusterEvent =
  | { readonly kind: 'node'; readonly node: Node; readonly changes: NodeChanges; readonly added: boolean }
  /** A Pod has come to a node. */
  | { readonly kind: 'podAssigned'; readonly pod: PodInfo }
  /** A Pod has left its node: deleted, finished or never bound. */
  | { readonly kind: 'podFreed'; readonly pod: PodInfo }
  /** An assigned Pod changed its labels or began to terminate. */
  | { readonly kind: 'podRelabelled'; readonly pod: PodInfo }
  | { readonly kind: 'namespace' }
  /** A claim, a volume, a class or what a driver can do on a node has changed. */
  | { readonly kind: 'storage' };

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const isCordoned = ({ spec }: Node): boolean => spec?.unschedulable ?? false;

export function nodeChanges(next: Node, old: Node): NodeChanges {
  return {
    allocatable: !same(next.status?.allocatable, old.status?.allocatable),
    labels: !same(next.metadata.labels, old.metadata.labels),
    taints: !same(next.spec?.taints, old.spec?.taints) || isCordoned(next) !== isCordoned(old),
    features: !same(next.status?.declaredFeatures, old.status?.declaredFeatures),
  };
}

export const changesAnything = ({ allocatable, labels, taints, features }: NodeChanges): boolean =>
  allocatable || labels || taints || features;
