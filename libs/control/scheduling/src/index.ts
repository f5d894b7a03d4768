export { ClusterCache, type ClusterView } from './cache/cluster-cache.js';
export type { NodeScore, SchedulingDiagnosis } from './engine/diagnosis.js';
export { type CycleResult, type Plugins, SchedulingEngine } from './engine/scheduling-engine.js';
export { type PodInfo, podInfo } from './pod/pod-info.js';
export { isTolerated } from './pod/taints.js';
export { requiredNodes } from './plugins/node-affinity/node-affinity.js';
export { defaultPlugins } from './plugins/default-plugins.js';
export { runScheduler, type SchedulerOptions } from './scheduler/create-scheduler.js';
export type { AttemptOutcome } from './scheduler/scheduler.js';
