import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { toMillis, toUnits } from '@binnacle/machinery-quantity';
import { initContainers, isSidecar, mainContainers } from './identity.js';

/** Amounts by resource: CPU in thousandths, everything else in whole units. */
export type Amounts = Record<string, number>;

const amountOf = (name: string, quantity: string | number) => (name === 'cpu' ? toMillis(quantity) : toUnits(quantity));

export function amounts(list: Readonly<Record<string, string | number>> | undefined): Amounts {
  return Object.fromEntries(Object.entries(list ?? {}).map(([name, quantity]) => [name, amountOf(name, quantity)]));
}

function plus(a: Amounts, b: Amounts): Amounts {
  const sum = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

function most(a: Amounts, b: Amounts): Amounts {
  const result = { ...a };
  for (const [name, amount] of Object.entries(b)) result[name] = Math.max(result[name] ?? 0, amount);
  return result;
}

const requestsOf = (container: Container): Amounts =>
  amounts({ ...container.resources?.limits, ...container.resources?.requests });

/**
 * What a Pod asks of its node: its main containers and sidecars together, or the largest of its init containers beside
 * the sidecars started before it, and where the Pod as a whole asks for something, that. Behaves as kubernetes component-helpers resource PodRequests.
 */
export function podRequests(pod: Pod): Amounts {
  let [sidecars, largest]: [Amounts, Amounts] = [{}, {}];
  for (const container of initContainers(pod)) {
    if (isSidecar(container)) sidecars = plus(sidecars, requestsOf(container));
    largest = most(largest, isSidecar(container) ? sidecars : plus(sidecars, requestsOf(container)));
  }
  const running = mainContainers(pod).map(requestsOf).reduce(plus, sidecars);
  const { resources, overhead } = pod.spec ?? {};
  const whole = amounts({ ...resources?.limits, ...resources?.requests });
  return plus({ ...most(running, largest), ...whole }, amounts(overhead));
}
