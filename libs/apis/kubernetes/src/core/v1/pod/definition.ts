import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { addressOf, allVerbs, statusSubresource } from '../../../registry/served.js';
import type { Pod } from '../index.js';
import { applyPodDefaults } from './defaults.js';
import { podGracePeriodSeconds, preparePodCreate, preparePodStatusUpdate, preparePodUpdate } from './prepare.js';
import { printer } from './printer.js';
import { validatePodStatusUpdate } from './status-validation.js';
import { validatePodUpdate } from './update-validation.js';
import { validatePod, validatePodCreate } from './validation.js';
import { podWarnings } from './warnings.js';

export const pods = defineResource<Pod>({
  ...addressOf(refs.pods, ['po'], ['all']),
  verbs: allVerbs,
  subresources: [
    statusSubresource,
    { name: 'log', verbs: ['get'] },
    { name: 'binding', verbs: ['create'], gvk: { group: '', version: 'v1', kind: 'Binding' } },
    { name: 'eviction', verbs: ['create'], gvk: { group: 'policy', version: 'v1', kind: 'Eviction' } },
  ],
  schema: 'io.k8s.api.core.v1.Pod',
  strategy: {
    applyDefaults: applyPodDefaults,
    prepareForCreate: preparePodCreate,
    prepareForUpdate: preparePodUpdate,
    prepareForStatusUpdate: preparePodStatusUpdate,
    validate: validatePod,
    validateCreate: validatePodCreate,
    validateUpdate: validatePodUpdate,
    validateStatusUpdate: validatePodStatusUpdate,
    warnings: podWarnings,
    gracePeriodSeconds: podGracePeriodSeconds,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec?.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec?.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec?.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec?.hostNetwork ?? false),
    'status.phase': ({ status }) => status?.phase ?? '',
    'status.podIP': ({ status }) => status?.podIP ?? '',
    'status.podIPs': ({ status }) => (status?.podIPs ?? []).map(({ ip }) => ip).join(','),
    'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName ?? '',
  },
  indexedFields: ['spec.nodeName'],
});
