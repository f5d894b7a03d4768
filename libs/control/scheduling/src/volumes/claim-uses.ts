import type { Pod } from '@binnacle/apis-kubernetes/core/v1';

/** A claim that a Pod uses, by name; `owned` where it is made for the Pod alone. */
export interface ClaimUse {
  readonly key: string;
  readonly name: string;
  readonly owned: boolean;
}

/** The claims a Pod uses, those of its ephemeral volumes too. */
export function claimUses({ metadata, spec }: Pod): ClaimUse[] {
  return (spec?.volumes ?? []).flatMap((volume) => {
    const owned = volume.ephemeral !== undefined;
    const name = owned ? `${metadata.name}-${volume.name}` : volume.persistentVolumeClaim?.claimName;
    return name === undefined ? [] : [{ key: `${metadata.namespace}/${name}`, name, owned }];
  });
}
