import type { ClusterRoleBinding, RoleBinding, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import type { RightHolder } from '@binnacle/web-data';

export type Binding = RoleBinding | ClusterRoleBinding;

/** A subject as a holder of rights; a service account is of the binding's namespace where it names none. */
export function holderOf({ kind, name, namespace }: Subject, of?: string): RightHolder {
  const place = kind === 'ServiceAccount' ? (namespace ?? of) : undefined;
  return { kind: kind as RightHolder['kind'], name, ...(place && { namespace: place }) };
}

/** Whether a binding names one of these, who belong together: a person and the groups of theirs. */
export function isBoundTo({ subjects = [] }: Binding, holders: readonly RightHolder[]): boolean {
  return subjects.some(({ kind, name }) => holders.some((holder) => holder.kind === kind && holder.name === name));
}
