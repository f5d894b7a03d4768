import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { ANNOTATION_BETA_DEFAULT_CLASS, ANNOTATION_DEFAULT_CLASS } from '@binnacle/apis-kubernetes/well-known';

export const isDefaultClass = ({ metadata: { annotations } }: StorageClass): boolean =>
  [ANNOTATION_DEFAULT_CLASS, ANNOTATION_BETA_DEFAULT_CLASS].some((mark) => annotations?.[mark] === 'true');

/** The class of claims that name none: the newest that is marked, of one second the first by name. */
export function defaultClassOf(classes: readonly StorageClass[]): StorageClass | undefined {
  const age = ({ metadata }: StorageClass) => Date.parse(metadata.creationTimestamp ?? '') || 0;
  const order = (a: StorageClass, b: StorageClass) =>
    age(b) - age(a) || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);
  return classes.filter(isDefaultClass).sort(order)[0];
}
