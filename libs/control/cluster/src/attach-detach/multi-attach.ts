import type { Pod } from '@binnacle/apis-kubernetes/core/v1';

/** Why a Pod does not get a volume that another node has: `others` use it there. As kubernetes reportMultiAttachError. */
export function multiAttachError(volume: string, pod: Pod, others: readonly Pod[]): string {
  const about = `Multi-Attach error for volume "${volume}"`;
  const near = others.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace);
  const far = others.length - near.length;
  if (others.length === 0)
    return `${about} Volume is already exclusively attached to one node and can't be attached to another`;
  const elsewhere = `${far} pod(s) in different namespaces`;
  if (near.length === 0) return `${about} Volume is already used by ${elsewhere}`;
  const names = near.map(({ metadata }) => metadata.name).join(', ');
  return `${about} Volume is already used by pod(s) ${names}${far > 0 ? ` and ${elsewhere}` : ''}`;
}
