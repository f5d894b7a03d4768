import type { ReachabilityReviewSpec, ReachabilityReviewStatus } from '@binnacle/apis-kubernetes/reachability/v1';
import { clusterPrefix } from '@binnacle/machinery-meta';
import { call } from './http.js';

const API_VERSION = 'networking.binnacle.dev/v1';

/** Whether policies let one reach another, as far as who asks may see both. Rejects with what is wrong with the question. */
export async function fetchReachability(
  cluster: string,
  spec: ReachabilityReviewSpec,
  signal?: AbortSignal,
): Promise<ReachabilityReviewStatus> {
  const path = `${clusterPrefix(cluster)}/apis/${API_VERSION}/reachabilityreviews`;
  const body = { apiVersion: API_VERSION, kind: 'ReachabilityReview', spec };
  const options = { method: 'POST', body, ...(signal && { signal }) } as const;
  return (await call<{ readonly status: ReachabilityReviewStatus }>(path, options)).status;
}
