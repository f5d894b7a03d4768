import type { Pod } from '@binnacle/apis-kubernetes/core/v1';

/** Index function: the claims a Pod uses, as keys; those of its ephemeral volumes too. */
export const CLAIMS = 'claims';

export function claimKeysOf({ metadata, spec }: Pod): string[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [`${metadata.namespace}/${persistentVolumeClaim.claimName}`];
    return ephemeral ? [`${metadata.namespace}/${metadata.name}-${name}`] : [];
  });
}
