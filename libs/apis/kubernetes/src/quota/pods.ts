import { parseTime } from '@binnacle/machinery-meta';
import type { Quantity } from '@binnacle/machinery-meta';
import type { Container, Pod, PodAffinityTerm, ScopedResourceSelectorRequirement } from '../core/v1/index.js';
import { heldLimits, heldRequests, podQosClass } from '../core/v1/pod-reading/index.js';
import { isExtended, isHugePage, isNative } from '../core/v1/resource-names.js';
import { type Evaluator, fits } from './evaluator.js';
import type { ResourceList } from './resource-list.js';

const COUNT = 'count/pods';
const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'];
const NAMES = new Set([
  COUNT,
  'pods',
  ...COMPUTE,
  ...COMPUTE.map((name) => `requests.${name}`),
  ...COMPUTE.map((name) => `limits.${name}`),
]);
/** What every container must say where a quota bounds it. */
const DEMANDED = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

/** What requests and limits come to by the names quotas have for them. */
function usageOf(requests: ReadonlyMap<string, Quantity>, limits: ReadonlyMap<string, Quantity>): ResourceList {
  const usage: Record<string, Quantity> = {};
  for (const [name, amount] of requests) {
    if (COMPUTE.includes(name) || isHugePage(name)) usage[name] = amount;
    if (COMPUTE.includes(name) || isHugePage(name) || isExtended(name)) usage[`requests.${name}`] = amount;
  }
  for (const [name, amount] of limits) if (COMPUTE.includes(name)) usage[`limits.${name}`] = amount;
  return usage;
}

/** One that has ended, or should have, uses nothing. */
function isCounted({ status, metadata }: Pod, now: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  const { deletionGracePeriodSeconds: grace } = metadata;
  const deleted = parseTime(metadata.deletionTimestamp);
  return deleted === undefined || grace === undefined || now <= deleted + grace * 1000;
}

const namesOf = ({ resources }: Container): ResourceList =>
  usageOf(new Map(Object.entries(resources?.requests ?? {})), new Map(Object.entries(resources?.limits ?? {})));

/** `limits.cpu for: main,side; memory for: main`. */
function missing(names: readonly string[], { spec }: Pod): string | undefined {
  if (!spec || Object.keys({ ...spec.resources?.requests, ...spec.resources?.limits }).length > 0) return undefined;
  const demanded = names.filter((name) => DEMANDED.includes(name)).sort();
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const lacks = demanded.flatMap((name) => {
    const without = containers.filter((container) => !Object.hasOwn(namesOf(container), name));
    const list = [...new Set(without.map((container) => container.name))].sort().join(',');
    return without.length > 0 ? [`${name} for: ${list}`] : [];
  });
  return lacks.length > 0 ? `must specify ${lacks.join('; ')}` : undefined;
}

const isTerminating = ({ spec }: Pod): boolean => (spec?.activeDeadlineSeconds ?? -1) >= 0;
const reachesOut = ({ namespaces = [], namespaceSelector }: PodAffinityTerm): boolean =>
  namespaces.length > 0 || namespaceSelector !== undefined;

function looksAtOtherNamespaces({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity].some((affinity) => {
    const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    return [...required, ...preferred.map(({ podAffinityTerm }) => podAffinityTerm)].some(reachesOut);
  });
}

function matchesScope(scope: ScopedResourceSelectorRequirement, pod: Pod): boolean {
  const { priorityClassName } = pod.spec ?? {};
  switch (scope.scopeName) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return podQosClass(pod) === 'BestEffort';
    case 'NotBestEffort':
      return podQosClass(pod) !== 'BestEffort';
    case 'PriorityClass':
      return fits(scope, priorityClassName ? [priorityClassName] : []);
    case 'CrossNamespacePodAffinity':
      return looksAtOtherNamespaces(pod);
    default:
      return false;
  }
}

/** Behaves as kubernetes pkg/quota/v1/evaluator/core/pods.go. */
export const podEvaluator: Evaluator<Pod> = {
  handles: ({ operation, subresource, object, old }) => {
    if (subresource === 'resize') return operation === 'UPDATE';
    if (subresource !== '') return false;
    return operation === 'CREATE' || (old !== undefined && isTerminating(old) !== isTerminating(object));
  },
  counts: (name) => {
    const asked = name.startsWith('requests.');
    return NAMES.has(name) || isHugePage(asked ? name.slice('requests.'.length) : name) || (asked && !isNative(name));
  },
  missing,
  matchesScope,
  usage: (pod, now) => {
    if (!isCounted(pod, now)) return { [COUNT]: '1' };
    return { [COUNT]: '1', pods: '1', ...usageOf(heldRequests(pod), heldLimits(pod)) };
  },
};
