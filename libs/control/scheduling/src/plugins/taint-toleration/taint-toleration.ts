import type { Node, Toleration } from '@binnacle/apis-kubernetes/core/v1';
import { type FilterPlugin, MAX_NODE_SCORE, normalizeByHighest, type ScorePlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import type { Rejection } from '../../framework/rejection.js';
import { describeTaint, isTolerated } from '@binnacle/apis-kubernetes/core/v1/node-reading';

const isRepelled = ({ spec }: Node, tolerations: readonly Toleration[]): boolean =>
  (spec?.taints ?? []).some((taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, tolerations));

const reasons = ['node(s) had untolerated taint(s)'];

/** Keeps Pods off nodes whose taints they do not tolerate. */
const filter: FilterPlugin = {
  name: 'TaintToleration',
  lasting: true,
  preFilter({ tolerations }, { nodes }) {
    if (nodes.hardTainted.size === 0) return undefined;
    return (row): Rejection | undefined => {
      if (!nodes.hardTainted.has(row)) return undefined;
      const taint = nodes.at(row).hardTaints.find((one) => !isTolerated(one, tolerations));
      return taint ? { reasons, unresolvable: true, detail: `untolerated taint ${describeTaint(taint)}` } : undefined;
    };
  },
  eventsToRegister: () => [
    on('Node', ['Add', 'UpdateNodeTaint'], ({ tolerations }, { old, current }) =>
      Boolean(current && !isRepelled(current, tolerations) && (!old || isRepelled(old, tolerations))),
    ),
    on('Pod', ['UpdatePodToleration'], ({ uid }, { current }) => current?.uid === uid),
  ],
};

/** Prefers nodes with fewer PreferNoSchedule taints that the Pod does not tolerate. */
const score: ScorePlugin = {
  name: filter.name,
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
