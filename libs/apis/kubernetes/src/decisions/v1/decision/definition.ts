import { addressOf, type ResourceDefinition } from '@binnacle/apis-registry';
import { refs } from '../../../refs/index.js';
import type { Decision } from '../index.js';
import { priority } from '../priority.js';
import { printer } from './printer.js';
import { DECISION, decisionSchemas } from './schema.js';

const { group, version } = refs.decisions;

const definition: ResourceDefinition<Decision> = {
  ...addressOf(refs.decisions),
  priority,
  verbs: ['get', 'list'],
  subresources: [{ name: 'nodes', verbs: ['get'], roles: ['view'], gvk: { group, version, kind: 'DecisionNodes' } }],
  schema: DECISION,
  roles: ['view'],
  schemas: decisionSchemas,
  strategy: {},
  printer,
  fields: {
    'spec.podName': ({ spec }) => spec?.podName ?? '',
    'spec.podUID': ({ spec }) => spec?.podUID ?? '',
    'spec.schedulerName': ({ spec }) => spec?.schedulerName ?? '',
    'status.nodeName': ({ status }) => status?.nodeName ?? '',
    'status.result': ({ status }) => status?.result ?? '',
  },
};

/** What the scheduler decided, which is read from the log of decisions. */
export const decisions = definition as unknown as ResourceDefinition;
