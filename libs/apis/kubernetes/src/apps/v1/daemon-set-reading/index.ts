// Where daemons belong and which of them are new: for who makes them, and for who looks at them.
export { type Obstacle, obstacleOn, type Placement, placementOn } from './placement.js';
export { NODE_NAME_FIELD, targetNode } from './target-node.js';
export { daemonTolerations } from './tolerations.js';
export { isUpdated, LABEL_TEMPLATE_GENERATION, templateGenerationOf } from './updated.js';
