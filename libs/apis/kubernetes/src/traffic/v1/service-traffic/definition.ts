import { addressOf, type ResourceDefinition } from '@binnacle/apis-registry';
import { refs } from '../../../refs/index.js';
import type { ServiceTraffic } from '../index.js';
import { priority } from '../priority.js';
import { SERVICE_TRAFFIC, trafficSchemas } from '../schema.js';
import { printer } from './printer.js';

const definition: ResourceDefinition<ServiceTraffic> = {
  ...addressOf(refs.servicetraffics),
  priority,
  verbs: ['get', 'list'],
  subresources: [],
  schema: SERVICE_TRAFFIC,
  roles: ['view'],
  schemas: trafficSchemas,
  strategy: {},
  printer,
  fields: {},
};

/** What Services have carried, which the proxy is asked for. */
export const serviceTraffics = definition as unknown as ResourceDefinition;
