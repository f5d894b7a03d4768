export type { ControllerDeps } from './controller-deps.js';
export { daemonSetController } from './daemon-set/daemon-set.controller.js';
export { deploymentController } from './deployment/deployment.controller.js';
export * from './pods/index.js';
export { replicaSetController } from './replica-set/replica-set.controller.js';
export { replicationControllerController } from './replication-controller/replication-controller.controller.js';
export { statefulSetController } from './stateful-set/stateful-set.controller.js';
