export { type Backend, backendKey, backendsOf } from './plan/endpoints.js';
export { type NodeFacts, nodeFacts } from './plan/node-facts.js';
export { type EndpointLimits, type IsApiServer, NodeMap } from './plan/nodes.js';
export { Ranges } from './plan/ranges.js';
export { Proxier, type ProxyOptions } from './proxier.js';
export { userspaceMode } from './userspace/userspace.js';
