import { compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import type { Container, Pod, PodSpec } from '../index.js';

const COUNTED = ['cpu', 'memory'] as const;

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

type Amount = string | number | undefined;

const isSet = (amount: Amount): amount is string | number => isQuantity(amount) && compareQuantities(amount, 0) > 0;

type Amounts = Record<string, string | number> | undefined;

function asksForAny(amounts: Amounts): boolean {
  return COUNTED.some((resource) => isSet(amounts?.[resource]));
}

type Resources = Pick<Container, 'resources'>;

function isGuaranteed({ resources }: Resources): boolean {
  return COUNTED.every((resource) => {
    const limit = resources?.limits?.[resource];
    const request = resources?.requests?.[resource] ?? limit;
    return isSet(limit) && isSet(request) && compareQuantities(request, limit) === 0;
  });
}

/** Whether something is asked for the Pod as a whole. */
export const hasPodResources = ({ resources }: PodSpec): boolean =>
  Object.keys({ ...resources?.limits, ...resources?.requests }).length > 0;

/** Behaves as kubernetes pkg/apis/core/v1/helper/qos ComputePodQOS. Resources of the Pod as a whole go first. */
export function qosClass(spec: PodSpec): QosClass {
  const whole: Resources[] = hasPodResources(spec) ? [spec] : [];
  const parts = whole.length > 0 ? whole : [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  if (!parts.some(({ resources }) => asksForAny(resources?.requests) || asksForAny(resources?.limits)))
    return 'BestEffort';
  return parts.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

export function podQosClass(pod: Pod): QosClass {
  return pod.spec ? qosClass(pod.spec) : 'BestEffort';
}
