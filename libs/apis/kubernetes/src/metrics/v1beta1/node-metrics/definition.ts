import { addressOf, type ResourceDefinition } from '@binnacle/apis-registry';
import { refs } from '../../../refs/index.js';
import type { NodeMetrics } from '../index.js';
import { nodeMetricsPrinter as printer } from '../printer.js';
import { priority } from '../priority.js';
import { metricsSchemas, NODE_METRICS } from '../schema.js';

const definition: ResourceDefinition<NodeMetrics> = {
  ...addressOf(refs.nodemetrics),
  priority,
  verbs: ['get', 'list'],
  subresources: [],
  schema: NODE_METRICS,
  roles: ['view'],
  schemas: metricsSchemas,
  strategy: {},
  printer,
  fields: {},
};

/** Measured when somebody asks: nothing of it is kept. */
export const nodeMetrics = definition as unknown as ResourceDefinition;
