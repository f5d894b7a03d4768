export { isStaticPod } from './pod/identity.js';
export * from './environment/container-environment.js';
export * from './kubelet.js';
export * from './node/node-object.js';
export * from './sources/object-reader.js';
export * from './volumes/no-volumes.js';
export type * from './worker/services.js';
export * from './server/kubelet-endpoint.js';
export * from './admission/admit-pod.js';
