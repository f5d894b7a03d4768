export { addDefaultTolerations } from '../core/v1/pod/defaults.js';
export type { PodSummary } from '../core/v1/pod/summary.js';
export { podSummary } from '../core/v1/pod/summary.js';
export * from './definition.js';
export { humanDuration } from './duration.js';
export { resources } from './resources.js';
