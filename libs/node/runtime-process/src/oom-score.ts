import { writeFileSync } from 'node:fs';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_OOM_SCORE_ADJ } from '@binnacle/apis-kubernetes/well-known';

/** How readily the kernel ends the Pod's processes. Undefined where the manifest says nothing, or nothing that makes sense. */
export function oomScoreOf(pod: Pod | undefined): number | undefined {
  const text = pod?.metadata?.annotations?.[ANNOTATION_OOM_SCORE_ADJ] ?? '';
  const score = /^-?\d{1,4}$/.test(text) ? Number(text) : undefined;
  return score !== undefined && Math.abs(score) <= 1000 ? score : undefined;
}

/**
 * Behaves as kubernetes pkg/util/oom ApplyOOMScoreAdj, without trying again: to go below what one was given needs a right
 * (CAP_SYS_RESOURCE) that few containers have, and without it the order among those above still stands.
 */
export function setOomScore(pid: number | 'self', score: number | undefined): void {
  if (score === undefined) return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(score));
  } catch {
    // Not allowed, gone meanwhile, or no Linux.
  }
}
