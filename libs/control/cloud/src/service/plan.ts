import type { LoadBalancerIngress, LoadBalancerStatus, Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { semanticEqual } from '@binnacle/machinery-validation';
import { type HandlesClass, hasFinalizer, needsCleanup, needsUpdate, wantsLoadBalancer } from './needs.js';
import { areSameNodes } from './node-set.js';

/** A load balancer as it was made last. */
export interface Ensured {
  readonly service: Service;
  readonly nodes: readonly Node[];
  readonly status: LoadBalancerStatus;
}

/** What is there: the Service, what was made for it, and the nodes it is to lead to. */
export interface Facts {
  readonly service: Service;
  /** Undefined where nothing is known to have been made, or what was made has to be looked at. */
  readonly ensured?: Ensured;
  readonly nodes: readonly Node[];
  readonly handles: HandlesClass;
}

/** `update`: it is right but for its nodes. */
export type ServicePlan = 'nothing' | 'ensure' | 'update' | 'delete';

export const statusOf = ({ status }: Service): LoadBalancerStatus => status?.loadBalancer ?? {};

/** As the API server has it, which says how an address is meant where nobody did. */
const told = (ingress: LoadBalancerIngress): LoadBalancerIngress =>
  ingress.ip ? { ipMode: 'VIP', ...ingress } : ingress;

export const isSameStatus = (one: LoadBalancerStatus, other: LoadBalancerStatus): boolean =>
  semanticEqual(one.ingress?.map(told), other.ingress?.map(told));

/** Somebody took off the finalizer, or wrote another status. */
const isDisturbed = (service: Service, { status }: Ensured): boolean =>
  !hasFinalizer(service) || !isSameStatus(statusOf(service), status);

/** Models k8s.io/cloud-provider controllers/service syncLoadBalancerIfNeeded and nodeSyncService. */
export function planService({ service, ensured, nodes, handles }: Facts): ServicePlan {
  if (needsCleanup(service, handles)) return 'delete';
  if (!wantsLoadBalancer(service, handles) || service.metadata.deletionTimestamp) return ensured ? 'delete' : 'nothing';
  if (!ensured || needsUpdate(ensured.service, service, handles) || isDisturbed(service, ensured)) return 'ensure';
  return areSameNodes(ensured.nodes, nodes) ? 'nothing' : 'update';
}

/** Whether a change of a Service may ask for something to be done. */
export function isNews(before: Service, now: Service, handles: HandlesClass): boolean {
  if (needsUpdate(before, now, handles) || needsCleanup(now, handles)) return true;
  if (!wantsLoadBalancer(now, handles)) return false;
  return (hasFinalizer(before) && !hasFinalizer(now)) || !isSameStatus(statusOf(before), statusOf(now));
}

/** Whether a Service says already all that making its load balancer could: looking at it after a start is no news then. */
export const isSettled = (service: Service): boolean =>
  hasFinalizer(service) && (statusOf(service).ingress ?? []).length > 0;
