import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import { semanticEqual } from '@binnacle/machinery-validation';

/** Keeps a Service until nothing is left of its load balancer. */
export const CLEANUP_FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';

/** Whether Services of a class are this cloud's; undefined is the class of those that name none. */
export type HandlesClass = (loadBalancerClass: string | undefined) => boolean;

export const hasFinalizer = ({ metadata }: Service): boolean =>
  metadata.finalizers?.includes(CLEANUP_FINALIZER) ?? false;

const isLoadBalancer = ({ spec }: Service): boolean => spec?.type === 'LoadBalancer';

/** Models k8s.io/cloud-provider controllers/service wantsLoadBalancer, for several classes. */
export const wantsLoadBalancer = (service: Service, handles: HandlesClass): boolean =>
  isLoadBalancer(service) && handles(service.spec?.loadBalancerClass);

/**
 * Whether a load balancer is to go that its finalizer tells of. Models needsCleanup, but for Services of a class that is somebody
 * else's: who that is may use the same finalizer.
 */
export function needsCleanup(service: Service, handles: HandlesClass): boolean {
  if (!hasFinalizer(service)) return false;
  if (!isLoadBalancer(service)) return true;
  return service.metadata.deletionTimestamp !== undefined && handles(service.spec?.loadBalancerClass);
}

/** What of a port a load balancer goes by. */
const portOf = ({ name, protocol, port, nodePort, targetPort, appProtocol }: ServicePort) => ({
  name,
  protocol,
  port,
  nodePort,
  targetPort,
  appProtocol,
});

/** What of a Service a load balancer goes by, besides what wants one at all. */
function shapeOf({ metadata, spec = {} }: Service): object {
  return {
    uid: metadata.uid,
    annotations: metadata.annotations,
    ports: spec.ports?.map(portOf),
    ranges: spec.loadBalancerSourceRanges,
    affinity: [spec.sessionAffinity, spec.sessionAffinityConfig],
    addresses: [spec.loadBalancerIP ?? '', spec.externalIPs ?? []],
    policy: [spec.externalTrafficPolicy, spec.healthCheckNodePort ?? 0],
    // One family may come or go; the order is never changed.
    families: spec.ipFamilies?.length,
  };
}

/** Whether a load balancer that was made for a Service as it was is not right for it as it is. Models needsUpdate. */
export function needsUpdate(before: Service, now: Service, handles: HandlesClass): boolean {
  const [wanted, wants] = [wantsLoadBalancer(before, handles), wantsLoadBalancer(now, handles)];
  if (wanted !== wants) return true;
  return wants && !semanticEqual(shapeOf(before), shapeOf(now));
}
