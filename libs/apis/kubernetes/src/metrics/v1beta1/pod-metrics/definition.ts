import { addressOf, type ResourceDefinition } from '@binnacle/apis-registry';
import { refs } from '../../../refs/index.js';
import type { PodMetrics } from '../index.js';
import { podMetricsPrinter as printer } from '../printer.js';
import { priority } from '../priority.js';
import { metricsSchemas, POD_METRICS } from '../schema.js';

const definition: ResourceDefinition<PodMetrics> = {
  ...addressOf(refs.podmetrics),
  priority,
  verbs: ['get', 'list'],
  subresources: [],
  schema: POD_METRICS,
  roles: ['view'],
  schemas: metricsSchemas,
  strategy: {},
  printer,
  fields: {},
};

/** Measured when somebody asks: nothing of it is kept. */
export const podMetrics = definition as unknown as ResourceDefinition;
