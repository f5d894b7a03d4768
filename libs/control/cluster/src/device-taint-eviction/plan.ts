import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { isReservedForPod, podClaimName, toleratesDeviceTaint, whyNotForPod } from '@binnacle/apis-kubernetes/devices';
import type {
  DeviceRequestAllocationResult,
  DeviceTaint,
  DeviceToleration,
  ResourceClaim,
  ResourceSlice,
} from '@binnacle/apis-kubernetes/resource/v1';
import { parseTime } from '@binnacle/machinery-meta';

/** All slices of a pool, of whatever generation. */
export type SlicesOfPool = (driver: string, pool: string) => readonly ResourceSlice[];

/** Those of the newest generation alone tell what is true. */
function taintsOf({ driver, pool, device }: DeviceRequestAllocationResult, slicesOf: SlicesOfPool): DeviceTaint[] {
  const slices = slicesOf(driver, pool);
  const newest = Math.max(...slices.map(({ spec }) => spec.pool.generation));
  const current = slices.filter(({ spec }) => spec.pool.generation === newest);
  const found = current.flatMap(({ spec }) => spec.devices ?? []).find(({ name }) => name === device);
  return (found?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

/** How long a taint is borne, in milliseconds: not at all where nothing tolerates it. The shortest toleration counts. */
function patience(taint: DeviceTaint, tolerations: readonly DeviceToleration[]): number {
  const times = tolerations
    .filter((one) => one.effect === 'NoExecute' && toleratesDeviceTaint(one, taint))
    .map(({ tolerationSeconds }) => tolerationSeconds);
  if (times.length === 0) return 0;
  if (times.includes(undefined)) return Number.POSITIVE_INFINITY;
  return Math.min(...times.map((seconds = 0) => Math.max(0, seconds) * 1000));
}

const earliest = (times: readonly number[]): number | undefined => {
  const first = Math.min(...times);
  return Number.isFinite(first) ? first : undefined;
};

/** When who uses the claim must go, in milliseconds since the epoch; undefined: never, as things are. */
function claimEvictionTime({ status }: ResourceClaim, slicesOf: SlicesOfPool): number | undefined {
  const times = (status?.allocation?.devices?.results ?? []).flatMap((result) =>
    taintsOf(result, slicesOf).map(
      (taint) => (parseTime(taint.timeAdded) ?? 0) + patience(taint, result.tolerations ?? []),
    ),
  );
  return earliest(times);
}

const isOver = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed';

/**
 * When a Pod must go for what its devices are tainted with; undefined: never, as things are.
 * Behaves as kubernetes pkg/controller/devicetainteviction podEvictionTime.
 */
export function evictionTime(
  pod: Pod,
  claimNamed: (name: string) => ResourceClaim | undefined,
  slicesOf: SlicesOfPool,
): number | undefined {
  if (!pod.spec?.nodeName || isOver(pod)) return undefined;
  const times = (pod.spec.resourceClaims ?? []).flatMap((podClaim) => {
    const found = podClaimName(pod, podClaim);
    const claim = found.kind === 'named' ? claimNamed(found.name) : undefined;
    if (!claim || !isReservedForPod(claim, pod)) return [];
    if (found.kind === 'named' && found.generated && whyNotForPod(pod, claim)) return [];
    return claimEvictionTime(claim, slicesOf) ?? [];
  });
  return earliest(times);
}
