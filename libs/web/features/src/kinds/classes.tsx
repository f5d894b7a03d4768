import type { RuntimeClass } from '@binnacle/apis-kubernetes/node/v1';
import type { PriorityClass } from '@binnacle/apis-kubernetes/scheduling/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Translate } from '../messages/index.js';
import { linesFact, pairsOf, plainFact } from '../objects/fact-lines.js';
import { as, type KindView, type RelatedObjects } from '../view/kind-view.js';

function podsWith(read: (pod: Pod) => string | undefined) {
  return ({ metadata: { name } }: UnstructuredObject, t: Translate): RelatedObjects[] => {
    const keeps = (pod: UnstructuredObject) => read(as<Pod>(pod)) === name;
    return [{ title: t('spec.usedBy'), resource: 'pods', keeps, empty: t('detail.noPods') }];
  };
}

/** How urgent its Pods are. The server prints its columns. */
export const priorityClassView: KindView = {
  facts: (object, t) => {
    const { preemptionPolicy, description } = as<PriorityClass>(object);
    return [...plainFact(t('spec.preemption'), preemptionPolicy), ...plainFact(t('spec.description'), description)];
  },
  related: podsWith(({ spec }) => spec?.priorityClassName),
};

/** What runs its Pods. */
export const runtimeClassView: KindView = {
  facts: (object, t) => {
    const { overhead, scheduling } = as<RuntimeClass>(object);
    return [
      ...linesFact(t('spec.overhead'), pairsOf(overhead?.podFixed)),
      ...linesFact(t('spec.nodeSelector'), pairsOf(scheduling?.nodeSelector)),
    ];
  },
  related: podsWith(({ spec }) => spec?.runtimeClassName),
};
