export { validateNamespaceFinalizers } from '../core/v1/namespace/validation.js';
export { addDefaultTolerations } from '../core/v1/pod/defaults.js';
export type { QosClass } from '../core/v1/pod/qos.js';
export { podQosClass } from '../core/v1/pod/qos.js';
export type { PodSummary } from '../core/v1/pod/summary.js';
export { podSummary } from '../core/v1/pod/summary.js';
export { SYSTEM_PRIORITIES } from '../scheduling/v1/priority-class/validation.js';
export { builtinResources, resources } from './resources.js';
export { reviewKinds } from './reviews.js';
