/** The part of the client that also runs in a browser. */
export * from './fetch-transport.js';
export { kubeClientOver } from './kube-client.js';
export { TransportError, type Transport } from './transport.js';
export type * from './types.js';
