import type { Container, ContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Quantity } from '@binnacle/machinery-meta';
import { toMillis, toUnits } from '@binnacle/machinery-quantity';

/** Amounts by resource name: `cpu` in thousandths of a core, everything else in its own unit (bytes, pieces). */
export type Amounts = ReadonlyMap<string, number>;

/** What a container that asks for nothing is taken to use when nodes are compared. */
export const DEFAULT_MILLI_CPU = 100;
export const DEFAULT_MEMORY = 200 * 2 ** 20;

export function amounts(list: Record<string, Quantity> | undefined): Map<string, number> {
  const result = new Map<string, number>();
  for (const [name, quantity] of Object.entries(list ?? {})) {
    result.set(name, name === 'cpu' ? toMillis(quantity) : toUnits(quantity));
  }
  return result;
}

function add(total: Map<string, number>, more: Amounts): void {
  for (const [name, value] of more) total.set(name, (total.get(name) ?? 0) + value);
}

function raise(total: Map<string, number>, floor: Amounts): void {
  for (const [name, value] of floor) total.set(name, Math.max(total.get(name) ?? 0, value));
}

type RequestsOf = (container: Container) => Amounts;

interface InitTotals {
  /** What those that always restart ask together: they stay beside the containers. */
  readonly sidecars: Map<string, number>;
  /** The most that is asked at once while the others run, one after another. */
  readonly peak: Map<string, number>;
}

function initTotals(containers: readonly Container[], requestsOf: RequestsOf): InitTotals {
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of containers) {
    const own = new Map(requestsOf(container));
    if (container.restartPolicy === 'Always') {
      add(sidecars, own);
      raise(peak, sidecars);
    } else {
      add(own, sidecars);
      raise(peak, own);
    }
  }
  return { sidecars, peak };
}

function total(pod: Pod, requestsOf: RequestsOf): Map<string, number> {
  const { containers = [], initContainers = [], resources, overhead } = pod.spec ?? {};
  const { sidecars, peak } = initTotals(initContainers, requestsOf);
  const sum = new Map(sidecars);
  for (const container of containers) add(sum, requestsOf(container));
  raise(sum, peak);
  for (const [name, value] of amounts(resources?.requests)) sum.set(name, value);
  add(sum, amounts(overhead));
  return sum;
}

const isInfeasible = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible') ?? false;

/**
 * While a Pod is being resized a container counts with the most of what it asks for, was given and has; where its node can never
 * give it that, what it asks for does not count. Behaves as kubernetes component-helpers/resource determineEffectiveRequests.
 */
function effective({ resources }: Container, status: ContainerStatus | undefined, counts: boolean): Amounts {
  if (!status?.resources) return amounts(resources?.requests);
  const most = amounts(status.resources.requests);
  raise(most, amounts(status.allocatedResources));
  if (counts) raise(most, amounts(resources?.requests));
  return most;
}

/** How containers are counted; what runs once counts as it asks. */
function requestsIn(pod: Pod): RequestsOf {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const told = [...containerStatuses, ...initContainerStatuses].filter(({ resources }) => resources);
  if (told.length === 0) return ({ resources }) => amounts(resources?.requests);
  const statuses = new Map(told.map((status) => [status.name, status]));
  const once = new Set((pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy !== 'Always'));
  const counts = !isInfeasible(pod);
  return (container) => effective(container, once.has(container) ? undefined : statuses.get(container.name), counts);
}

/** What a Pod asks of its node. Behaves as kubernetes component-helpers/resource PodRequests. */
export function podRequests(pod: Pod): Amounts {
  return total(pod, requestsIn(pod));
}

/** The same with a default for containers that name no cpu or memory, so that they too weigh something. */
export function podRequestsOrDefaults(pod: Pod): Amounts {
  const requestsOf = requestsIn(pod);
  return total(pod, (container) => {
    const own = new Map(requestsOf(container));
    if (!own.has('cpu')) own.set('cpu', DEFAULT_MILLI_CPU);
    if (!own.has('memory')) own.set('memory', DEFAULT_MEMORY);
    return own;
  });
}
