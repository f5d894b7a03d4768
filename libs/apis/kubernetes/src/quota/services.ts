import type { Service } from '../core/v1/index.js';
import type { Evaluator } from './evaluator.js';

const COUNT = 'count/services';
const NAMES = new Set([COUNT, 'services', 'services.nodeports', 'services.loadbalancers']);

function nodePorts({ spec }: Service): number {
  const ports = spec?.ports ?? [];
  if (spec?.type === 'NodePort') return ports.length;
  if (spec?.type !== 'LoadBalancer') return 0;
  const without = spec.allocateLoadBalancerNodePorts === false;
  return without ? ports.filter(({ nodePort }) => nodePort).length : ports.length;
}

/** Behaves as kubernetes pkg/quota/v1/evaluator/core/services.go. */
export const serviceEvaluator: Evaluator<Service> = {
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  counts: (name) => NAMES.has(name),
  matchesScope: () => false,
  usage: (service) => ({
    [COUNT]: '1',
    services: '1',
    'services.nodeports': String(nodePorts(service)),
    'services.loadbalancers': service.spec?.type === 'LoadBalancer' ? '1' : '0',
  }),
};
