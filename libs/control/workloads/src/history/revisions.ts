import type { ControllerRevision } from '@binnacle/apis-kubernetes/apps/v1';
import type { PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import { controllerReferenceTo, type KubeObject } from '@binnacle/machinery-meta';
import { sameData, templateData } from './template-data.js';
import { templateHash } from './template-hash.js';

/** On a ControllerRevision: the hash of what it remembers. */
export const LABEL_REVISION_HASH = 'controller.kubernetes.io/hash';
/** So that a name with a hash after it stays within 253 characters. */
const LONGEST_PREFIX = 223;

/** An object whose Pod template has a history. */
export interface Remembered extends KubeObject {
  readonly spec?: { readonly template: PodTemplateSpec; readonly revisionHistoryLimit?: number };
}

/** The revision that remembers the owner's template as it is now, its hash as that label; other `collisions`, another name. */
export function newRevision(
  owner: Remembered,
  revision: number,
  collisions: number,
  label = LABEL_REVISION_HASH,
): ControllerRevision {
  const template = owner.spec?.template ?? {};
  const data = templateData(template);
  const hash = templateHash(data, collisions);
  const { name = '', namespace, annotations } = owner.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name.slice(0, LONGEST_PREFIX)}-${hash}`,
      namespace,
      labels: { ...template.metadata?.labels, [label]: hash },
      ...(annotations && { annotations }),
      ownerReferences: [controllerReferenceTo(owner, owner)],
    },
    data,
    revision,
  };
}

const text = (value: string | undefined): string => value ?? '';

function compare(a: ControllerRevision, b: ControllerRevision): number {
  if (a.revision !== b.revision) return a.revision - b.revision;
  const [first, second] = [a.metadata, b.metadata];
  const times = text(first.creationTimestamp).localeCompare(text(second.creationTimestamp));
  return times || text(first.name).localeCompare(text(second.name));
}

/** Oldest first. */
export function inOrder(revisions: readonly ControllerRevision[]): ControllerRevision[] {
  return [...revisions].sort(compare);
}

/** The owner's template is the newest revision already, is an older one that becomes the newest, or is new. */
export type RevisionPlan =
  | { readonly kind: 'keep'; readonly revision: ControllerRevision }
  | { readonly kind: 'bringBack'; readonly revision: ControllerRevision; readonly as: number }
  | { readonly kind: 'create'; readonly as: number };

/** Behaves as kubernetes pkg/controller/statefulset getStatefulSetRevisions. `revisions` are in order. */
export function planRevision(owner: Remembered, revisions: readonly ControllerRevision[]): RevisionPlan {
  const data = templateData(owner.spec?.template ?? {});
  const equal = revisions.filter((revision) => sameData(revision.data, data)).at(-1);
  const newest = revisions.at(-1);
  const as = (newest?.revision ?? 0) + 1;
  if (!equal) return { kind: 'create', as };
  return equal === newest ? { kind: 'keep', revision: equal } : { kind: 'bringBack', revision: equal, as };
}

/**
 * Revisions beyond the owner's history limit that are not in use, oldest first. Those that `count` fill the limit, which those in
 * use do not unless it is said. `revisions` are in order.
 */
export function planForgetting(
  owner: Remembered,
  revisions: readonly ControllerRevision[],
  inUse: (revision: ControllerRevision) => boolean,
  count: (revision: ControllerRevision) => boolean = (revision) => !inUse(revision),
): ControllerRevision[] {
  const limit = owner.spec?.revisionHistoryLimit ?? 10;
  const excess = limit < 0 ? 0 : Math.max(0, revisions.filter(count).length - limit);
  return revisions.filter((revision) => !inUse(revision)).slice(0, excess);
}
