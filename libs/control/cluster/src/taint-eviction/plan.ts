import type { Node, Pod, Taint, Toleration } from '@binnacle/apis-kubernetes/core/v1';

export function noExecuteTaints(node: Node | undefined): Taint[] {
  return (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (!toleration.key && toleration.operator !== 'Exists') return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

/** How long the taint is borne: 0 not at all, Infinity for ever, else milliseconds. Several tolerations: the shortest counts. */
function patience(tolerations: readonly Toleration[], taint: Taint): number {
  const times = tolerations
    .filter((toleration) => tolerates(toleration, taint))
    .map(({ tolerationSeconds }) =>
      tolerationSeconds === undefined ? Number.POSITIVE_INFINITY : tolerationSeconds * 1000,
    );
  return times.length === 0 ? 0 : Math.max(0, Math.min(...times));
}

/** Since when a taint counts for a Pod, in milliseconds since the epoch. */
export type TaintedSince = (taint: Taint) => number;

/** When the Pod must leave its node; undefined means never, as things are. Times are milliseconds since the epoch. */
export function evictionTime(pod: Pod, node: Node | undefined, since: TaintedSince): number | undefined {
  const taints = noExecuteTaints(node);
  if (taints.length === 0 || pod.metadata.deletionTimestamp) return undefined;
  const times = taints.map((taint) => {
    const patient = patience(pod.spec?.tolerations ?? [], taint);
    return Number.isFinite(patient) && patient > 0 ? since(taint) + patient : patient;
  });
  const first = Math.min(...times);
  return Number.isFinite(first) ? first : undefined;
}
