import {
  type FilterPlugin,
  MAX_NODE_SCORE,
  normalizeByHighest,
  type Rejection,
  type ScorePlugin,
} from '../../framework/plugin.js';
import { describeTaint, isTolerated } from '../../pod/taints.js';

const reasons = ['node(s) had untolerated taint(s)'];

/** Keeps Pods off nodes whose taints they do not tolerate. */
const filter: FilterPlugin = {
  name: 'TaintToleration',
  preFilter({ tolerations }, { nodes }) {
    if (nodes.hardTainted.size === 0) return undefined;
    return (row): Rejection | undefined => {
      if (!nodes.hardTainted.has(row)) return undefined;
      const taint = nodes.at(row).hardTaints.find((one) => !isTolerated(one, tolerations));
      return taint ? { reasons, unresolvable: true, detail: `untolerated taint ${describeTaint(taint)}` } : undefined;
    };
  },
  wakes(event, { tolerations }) {
    if (event.kind !== 'node' || !(event.added || event.changes.taints)) return false;
    const hard = (event.node.spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
    return hard.every((taint) => isTolerated(taint, tolerations));
  },
};

/** Prefers nodes with fewer PreferNoSchedule taints that the Pod does not tolerate. */
const score: ScorePlugin = {
  name: filter.name,
  weight: 3,
  preScore(pod, { nodes }) {
    if (nodes.softTainted.size === 0) return MAX_NODE_SCORE;
    const tolerations = pod.tolerations.filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    return {
      score(row) {
        const { softTaints } = nodes.at(row);
        return softTaints.length === 0 ? 0 : softTaints.filter((taint) => !isTolerated(taint, tolerations)).length;
      },
      normalize: (scores) => normalizeByHighest(scores, true),
    };
  },
};

export const taintToleration = { ...filter, ...score } satisfies FilterPlugin & ScorePlugin;
