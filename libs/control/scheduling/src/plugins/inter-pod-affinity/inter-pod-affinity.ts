import type { FilterPlugin, ScorePlugin } from '../../framework/plugin.js';
import { interPodAffinityFilter } from './filter.js';
import { interPodAffinityScore } from './score.js';

/** Keeps Pods near to, or away from, other Pods. */
export const interPodAffinity: FilterPlugin & ScorePlugin = {
  name: 'InterPodAffinity',
  weight: 2,
  preFilter: interPodAffinityFilter,
  preScore: interPodAffinityScore,
  wakes: (event) => event.kind !== 'node' || event.added || event.changes.labels,
};
