export type { EndpointLimits, IsApiServer } from './plan/nodes.js';
export { Proxier, type ProxyOptions } from './proxier.js';
export { userspaceMode } from './userspace/userspace.js';
