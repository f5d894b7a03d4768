import type { Pod, PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import { controllerReferenceTo, type KubeObject } from '@binnacle/machinery-meta';

/** The Pod that a controller makes from its template. The server names it. */
export function podFromTemplate(owner: KubeObject, template: PodTemplateSpec): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReferenceTo(owner, owner)],
    },
    ...(template.spec && { spec: template.spec }),
  };
}
