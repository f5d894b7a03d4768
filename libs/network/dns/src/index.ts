export { ClusterDns, type DnsPlace, type SharedDns } from './cluster/cluster-dns.js';
export type { SharedForwarding } from './cluster/forwarding.js';
export { dnsAddress } from './cluster/own-service.js';
export { typeName } from './message/types.js';
export { AnswerCache } from './outside/answer-cache.js';
export { type NameServer, nameServer, ranges } from './outside/name-server.js';
export { WaitingBounds } from './outside/waiting-bounds.js';
export { ClientBounds, type ClientBoundsOptions } from './server/client-bounds.js';
export type { Client, DnsObserver } from './server/responder.js';
