export type { CompiledPolicy } from './compiled-policy.js';
export { decide, type PolicySource, portMatches } from './decide.js';
export * from './flow.js';
export * from './policy-index.js';
export * from './policy-pod.js';
export * from './service-endpoints.js';
export * from './words.js';
