import type { Container, Pod, PodSpec } from '../index.js';

const COUNTED = ['cpu', 'memory'] as const;

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

function isSet(quantity: string | number | undefined): boolean {
  return quantity !== undefined && !/^0+(\.0*)?[a-zA-Z]*$/.test(String(quantity));
}

type Amounts = Record<string, string | number> | undefined;

function asksForAny(amounts: Amounts): boolean {
  return COUNTED.some((resource) => isSet(amounts?.[resource]));
}

type Resources = Pick<Container, 'resources'>;

function isGuaranteed({ resources }: Resources): boolean {
  return COUNTED.every((resource) => {
    const limit = resources?.limits?.[resource];
    return isSet(limit) && String(resources?.requests?.[resource] ?? limit) === String(limit);
  });
}

/** Behaves as kubernetes pkg/apis/core/v1/helper/qos ComputePodQOS. Resources of the Pod as a whole go first. */
export function qosClass(spec: PodSpec): QosClass {
  const whole: Resources[] = spec.resources ? [spec] : [];
  const parts = whole.length > 0 ? whole : [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  if (!parts.some(({ resources }) => asksForAny(resources?.requests) || asksForAny(resources?.limits)))
    return 'BestEffort';
  return parts.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

export function podQosClass(pod: Pod): QosClass {
  return pod.spec ? qosClass(pod.spec) : 'BestEffort';
}
