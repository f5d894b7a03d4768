export type { OurClass } from './controller/ingress-classes.js';
export { IngressFollower, type IngressOptions, type IngressSources } from './controller/ingress-follower.js';
export { IngressSite } from './controller/ingress-site.js';
export {
  ingressClassController,
  ingressStatusController,
  type LoopParts,
  publishedServiceController,
  type ServiceName,
} from './controller/loops.js';
export { OurIngresses } from './controller/our-ingresses.js';
export type { EngineOptions } from './engine/cluster-engine.js';
export type { Report } from './exchange/request-handler.js';
export { type Certificate, certificateOf } from './front/certificates.js';
