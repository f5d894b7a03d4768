import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import type { HorizontalPodAutoscaler } from '../index.js';
import { printer } from './printer.js';
import { strategy } from './strategy.js';

export const horizontalPodAutoscalers = defineResource<HorizontalPodAutoscaler>({
  ...addressOf(refs.horizontalpodautoscalers, ['hpa'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  roles: ['view', 'edit'],
  example: { spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } } },
  strategy,
  printer,
  fields: {},
});
