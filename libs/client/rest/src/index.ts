export type * from './config.js';
export * from './create-kube-client.js';
export * from './fetch-transport.js';
export { kubeClientOver } from './kube-client.js';
export * from './kubeconfig.js';
export { groupVersionPath } from './paths.js';
export { TransportError, type Transport, type TransportAnswer, type TransportRequest } from './transport.js';
export type * from './types.js';
export { readLines, readWatch } from './watch-stream.js';
