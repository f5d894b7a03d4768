import type { ReferenceGrant } from '@binnacle/apis-gateway';

/** Who refers to something, and to what. */
export interface Reference {
  readonly from: { readonly group: string; readonly kind: string; readonly namespace: string };
  readonly to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Who may refer to objects of another namespace: whom a grant in that namespace names. */
export class Grants {
  private readonly byNamespace = new Map<string, ReferenceGrant[]>();

  constructor(grants: readonly ReferenceGrant[]) {
    for (const grant of grants) {
      const namespace = grant.metadata.namespace ?? '';
      this.byNamespace.set(namespace, [...(this.byNamespace.get(namespace) ?? []), grant]);
    }
  }

  /** Of one namespace everybody may. */
  permit({ from, to }: Reference): boolean {
    if (from.namespace === to.namespace) return true;
    return (this.byNamespace.get(to.namespace) ?? []).some(
      ({ spec }) =>
        spec.from.some(
          (one) => one.group === from.group && one.kind === from.kind && one.namespace === from.namespace,
        ) &&
        spec.to.some((one) => one.group === to.group && one.kind === to.kind && (!one.name || one.name === to.name)),
    );
  }
}
