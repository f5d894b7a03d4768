import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import type { KubeObject, UnstructuredObject } from '@binnacle/machinery-meta';
import { addressOf, allVerbs, fillStatus, statusSubresource } from '@binnacle/apis-registry';
import { strategy } from '../../v2/horizontal-pod-autoscaler/strategy.js';
import { printer } from '../../v2/horizontal-pod-autoscaler/printer.js';
import type { HorizontalPodAutoscaler as Stored } from '../../v2/index.js';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec } from '../index.js';
import { fromStored, toStored } from './conversion.js';

const stored = (autoscaler: HorizontalPodAutoscaler): Stored => toStored(autoscaler) as unknown as Stored;

/** Writes what rules made of the stored form into the draft they were asked about. */
function write(draft: HorizontalPodAutoscaler, from: Stored): void {
  for (const field of Object.keys(draft)) delete (draft as KubeObject as UnstructuredObject)[field];
  Object.assign(draft, fromStored(from as KubeObject as UnstructuredObject));
}

/** The rules of version 2, which all versions are judged by: errors name its fields. */
export const horizontalPodAutoscalersV1 = defineResource<HorizontalPodAutoscaler>({
  ...addressOf(refs.horizontalpodautoscalersV1, ['hpa'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  roles: ['view', 'edit'],
  example: { spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } } },
  strategy: {
    applyDefaults: (autoscaler) => {
      autoscaler.spec ??= {} as HorizontalPodAutoscalerSpec;
      autoscaler.spec.minReplicas ??= 1;
      fillStatus(autoscaler, { currentReplicas: 0, desiredReplicas: 0 });
    },
    prepareForCreate: (autoscaler) => {
      const draft = stored(autoscaler);
      strategy.prepareForCreate(draft);
      write(autoscaler, draft);
    },
    prepareForUpdate: (next, old) => {
      const draft = stored(next);
      strategy.prepareForUpdate(draft, stored(old));
      write(next, draft);
    },
    prepareForStatusUpdate: (next, old) => {
      const draft = stored(next);
      strategy.prepareForStatusUpdate(draft, stored(old));
      write(next, draft);
    },
    validateCreate: (autoscaler) => strategy.validateCreate(stored(autoscaler)),
    validateUpdate: (next, old) => strategy.validateUpdate(stored(next), stored(old)),
    validateStatusUpdate: (next) => strategy.validateStatusUpdate(stored(next)),
    allowUnconditionalUpdate: true,
  },
  printer: { columns: printer.columns, row: (autoscaler, now) => printer.row(stored(autoscaler), now) },
  fields: {},
  storage: { resource: 'autoscaling/horizontalpodautoscalers', apiVersion: 'autoscaling/v2', toStored, fromStored },
});
