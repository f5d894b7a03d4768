import type { QueueSortPlugin } from '../../framework/plugin.js';

/** Higher priority first, then who has waited longer. */
export const prioritySort: QueueSortPlugin = {
  name: 'PrioritySort',
  less: (a, b) => (a.info.priority === b.info.priority ? a.timestamp < b.timestamp : a.info.priority > b.info.priority),
};
