import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { ANNOTATION_REVISION, LABEL_POD_TEMPLATE_HASH } from '@binnacle/apis-kubernetes/well-known';
import type { UnstructuredObject } from '@binnacle/web-data';

export interface RollbackChoice {
  readonly revision: string;
  readonly createdAt: string;
  readonly images: readonly string[];
  /** The Pod template to put back, without the label the controller adds. */
  readonly template: unknown;
}

const revisionOf = (object: UnstructuredObject): string => object.metadata.annotations?.[ANNOTATION_REVISION] ?? '';

function choiceOf(object: UnstructuredObject): RollbackChoice {
  const set = object as unknown as ReplicaSet;
  const template = structuredClone(set.spec?.template);
  delete template?.metadata?.labels?.[LABEL_POD_TEMPLATE_HASH];
  return {
    revision: revisionOf(object),
    createdAt: object.metadata.creationTimestamp ?? '',
    images: (template?.spec?.containers ?? []).map((container) => container.image ?? ''),
    template,
  };
}

/** The earlier revisions of a Deployment that still exist as ReplicaSets, latest first. */
export function rollbackChoices(deployment: UnstructuredObject, sets: readonly UnstructuredObject[]): RollbackChoice[] {
  const current = revisionOf(deployment);
  return sets
    .filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid))
    .filter((set) => revisionOf(set) !== '' && revisionOf(set) !== current)
    .map(choiceOf)
    .sort((a, b) => Number(b.revision) - Number(a.revision));
}
