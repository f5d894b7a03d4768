import { addressOf, type ResourceDefinition } from '@binnacle/apis-registry';
import { refs } from '../../../refs/index.js';
import type { Connection } from '../index.js';
import { priority } from '../priority.js';
import { CONNECTION, trafficSchemas } from '../schema.js';
import { printer } from './printer.js';

const definition: ResourceDefinition<Connection> = {
  ...addressOf(refs.connections),
  priority,
  verbs: ['get', 'list'],
  subresources: [],
  schema: CONNECTION,
  roles: ['view'],
  schemas: trafficSchemas,
  strategy: {},
  printer,
  fields: {
    'spec.serviceName': ({ spec }) => spec?.serviceName ?? '',
    'spec.protocol': ({ spec }) => spec?.protocol ?? '',
    'spec.client.address': ({ spec }) => spec?.client?.address ?? '',
    'spec.endpoint.address': ({ spec }) => spec?.endpoint?.address ?? '',
  },
};

/** What stands between clients and endpoints, which the proxy is asked for. */
export const connections = definition as unknown as ResourceDefinition;
