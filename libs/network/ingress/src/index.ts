export { BackendFollower, type BackendOptions, type BackendSources } from './controller/backend-follower.js';
export type { OurClass } from './controller/ingress-classes.js';
export { IngressFollower } from './controller/ingress-follower.js';
export { ClusterSite } from './controller/cluster-site.js';
export {
  ingressClassController,
  ingressStatusController,
  type LoopParts,
  publishedServiceController,
} from './controller/loops.js';
export { type IngressObjects, OurIngresses } from './controller/our-ingresses.js';
export { PUBLISHED, type ServiceName } from './controller/published-service.js';
export type { EngineOptions } from './engine/cluster-engine.js';
export type { Report } from './exchange/request-handler.js';
export { type Certificate, certificateOf } from './front/certificates.js';
export { GatewayFollower, type GatewaySources } from './gateway/gateway-follower.js';
export {
  gatewayClassController,
  gatewayServiceController,
  gatewayStatusController,
  type GatewayLoopParts,
  routeStatusController,
} from './gateway/loops.js';
