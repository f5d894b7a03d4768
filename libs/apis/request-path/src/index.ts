export type { CertificateFacts, CertificateSight } from './certificate-facts.js';
export * from './fault.js';
export { type IngressSource, ingressLanes } from './ingress-lanes.js';
export * from './known.js';
export * from './lane.js';
export { hasSelector, selectedPods } from './selected-pods.js';
export { type AroundService, type ServiceSource, serviceLanes } from './service-lanes.js';
