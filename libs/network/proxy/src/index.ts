export { Balancer } from './balancer.js';
export type { Backend } from './endpoints.js';
export { type NodeFacts, NodeMap, nodeFacts } from './nodes.js';
export { Proxier, type ProxyOptions, type ProxySources } from './proxier.js';
export type { BalancerSpec, ListenerSpec, ServicePlan } from './service-plan.js';
export { planService } from './service-plan.js';
