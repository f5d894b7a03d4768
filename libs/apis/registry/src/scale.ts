import type { KubeObject, LabelSelector } from '@binnacle/machinery-meta';
import type { ScaleMapping } from './definition.js';
import { selectorText } from './printing.js';

interface Replicated extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas?: number };
}

/** Of kinds whose numbers stand at `spec.replicas` and `status.replicas`. */
export function replicaScale<T extends Replicated>(
  selectorOf: (object: T) => LabelSelector | undefined,
): ScaleMapping<T> {
  return {
    get: (object) => ({
      spec: object.spec?.replicas ?? 0,
      status: object.status?.replicas ?? 0,
      selector: selectorText(selectorOf(object)),
    }),
    set: ({ spec }, replicas) => {
      if (spec) spec.replicas = replicas;
    },
  };
}
