// What a reader of Pods wants to know of one, apart from the rules by which Pods are accepted: those weigh too much for a page.
export { containerRequests, heldLimits, heldRequests, podAmounts, podRequests } from '../pod/pod-resources.js';
export { apiReference } from '../pod/api-reference.js';
export { podQosClass } from '../pod/qos.js';
export { podReferences, type ReferenceKind } from '../pod/references.js';
export { allContainersCouldRestart, ruleMatches } from '../pod/restart-rules.js';
export { declaredPorts, servingContainers, targetPort } from '../pod/service-ports.js';
export type { PodFigures } from '../pod/summary.js';
export { podFigures } from '../pod/summary.js';
