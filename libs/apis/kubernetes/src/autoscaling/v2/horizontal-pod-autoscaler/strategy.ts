import { fillStatus, keep, type Strategy } from '@binnacle/apis-registry';
import type { HorizontalPodAutoscaler } from '../index.js';
import { withoutConversion } from './annotations.js';
import { applyAutoscalerDefaults } from './defaults.js';
import { validateAutoscaler, validateAutoscalerStatus } from './validation.js';

/** Its generation is not counted, as upstream does not. */
export const strategy = {
  applyDefaults: (autoscaler) => {
    autoscaler.metadata = withoutConversion(autoscaler.metadata);
    applyAutoscalerDefaults(autoscaler);
    fillStatus(autoscaler, { desiredReplicas: 0 });
  },
  prepareForCreate: (autoscaler) => {
    autoscaler.status = { desiredReplicas: 0 };
  },
  prepareForUpdate: (next, old) => keep(next, old, 'status'),
  prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
  validateCreate: (autoscaler) => validateAutoscaler(autoscaler),
  validateUpdate: validateAutoscaler,
  validateStatusUpdate: validateAutoscalerStatus,
  allowUnconditionalUpdate: true,
} satisfies Strategy<HorizontalPodAutoscaler>;
