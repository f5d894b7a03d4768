export { ClusterDns, type SharedDns } from './cluster/cluster-dns.js';
export { dnsAddress } from './cluster/own-service.js';
export { rcodeName, typeName } from './message/types.js';
export { ClientBounds, type ClientBoundsOptions } from './server/client-bounds.js';
export type { Client, DnsObserver } from './server/responder.js';
