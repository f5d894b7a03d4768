import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { Age } from '../objects/age.js';
import { linkFact } from '../objects/fact-lines.js';
import { ScalingBehavior } from '../scaling/behavior-panel.js';
import { ScalingMetrics } from '../scaling/metrics-panel.js';
import { ScalingReasons } from '../scaling/reasons-panel.js';
import { ScalingReplicas } from '../scaling/replicas-panel.js';
import { conditionsOf } from '../view/conditions.js';
import { as, type Fact, type KindView, type ObjectStatus } from '../view/kind-view.js';

/** What keeps it from scaling is worth more than what it does. */
function autoscalerStatus(object: UnstructuredObject): ObjectStatus {
  const conditions = conditionsOf(object);
  const find = (wanted: string) => conditions.find(({ type }) => type === wanted);
  const blocked = [find('AbleToScale'), find('ScalingActive')].find((condition) => condition?.status === 'False');
  if (blocked) {
    const isOff = blocked.reason === 'ScalingDisabled';
    return { tone: isOff ? 'idle' : 'warn', label: blocked.reason || blocked.type, detail: blocked.message ?? '' };
  }
  const limited = find('ScalingLimited');
  // As few as there have to be is where it is most of the time.
  if (limited?.status === 'True' && limited.reason !== 'TooFewReplicas')
    return { tone: 'warn', label: limited.reason || 'ScalingLimited', detail: limited.message ?? '' };
  return find('ScalingActive') ? { tone: 'ok', label: 'ScalingActive' } : { tone: 'progress', label: 'Pending' };
}

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec, status } = as<HorizontalPodAutoscaler>(object) as Partial<HorizontalPodAutoscaler>;
  const { currentReplicas: now = 0, desiredReplicas: wanted = 0, lastScaleTime } = status ?? {};
  const { apiVersion = 'v1', kind = '', name } = spec?.scaleTargetRef ?? {};
  const to = { apiVersion, kind, name, namespace: object.metadata.namespace };
  return [
    ...linkFact(t('spec.scales'), { ...to, column: 'Reference' }),
    { column: 'Replicas', label: t('spec.replicasNow'), value: t('spec.replicasText', { now, wanted }) },
    ...(lastScaleTime ? [{ label: t('spec.lastScale'), value: <Age time={lastScaleTime} /> }] : []),
  ];
}

/** The server prints its columns. */
export const autoscalerView: KindView = {
  status: autoscalerStatus,
  facts,
  panels: [ScalingMetrics, ScalingReplicas, ScalingReasons, ScalingBehavior],
};
