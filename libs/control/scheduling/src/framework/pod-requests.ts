import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
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

/** Init containers run one after another before the others; those that always restart stay beside them. */
function total(pod: Pod, requestsOf: RequestsOf): Map<string, number> {
  const sum = new Map<string, number>();
  const sidecars = new Map<string, number>();
  const peak = new Map<string, number>();
  for (const container of pod.spec?.containers ?? []) add(sum, requestsOf(container));
  for (const container of pod.spec?.initContainers ?? []) {
    const own = new Map(requestsOf(container));
    if (container.restartPolicy === 'Always') {
      add(sum, own);
      add(sidecars, own);
      raise(peak, sidecars);
    } else {
      add(own, sidecars);
      raise(peak, own);
    }
  }
  raise(sum, peak);
  for (const [name, value] of amounts(pod.spec?.resources?.requests)) sum.set(name, value);
  add(sum, amounts(pod.spec?.overhead));
  return sum;
}

/** What a Pod asks of its node. Behaves as kubernetes component-helpers/resource PodRequests. */
export function podRequests(pod: Pod): Amounts {
  return total(pod, (container) => amounts(container.resources?.requests));
}

/** The same with a default for containers that name no cpu or memory, so that they too weigh something. */
export function podRequestsOrDefaults(pod: Pod): Amounts {
  return total(pod, (container) => {
    const own = amounts(container.resources?.requests);
    if (!own.has('cpu')) own.set('cpu', DEFAULT_MILLI_CPU);
    if (!own.has('memory')) own.set('memory', DEFAULT_MEMORY);
    return own;
  });
}
