import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { proxy } from '../proxy.js';
import { addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import type { Pod } from '../index.js';
import { applyPodDefaults } from './defaults.js';
import { ephemeralContainerRules } from './ephemeral-containers.js';
import { podGracePeriodSeconds, preparePodCreate, preparePodStatusUpdate, preparePodUpdate } from './prepare.js';
import { printer } from './printer.js';
import { resizeRules } from './resize.js';
import { validatePodStatusUpdate } from './status-validation.js';
import { validatePodUpdate } from './update-validation.js';
import { validatePod, validatePodCreate } from './validation.js';
import { streams } from './streams.js';
import { podWarnings } from './warnings.js';
import { ofPod } from '../../../usage/v1/relations.js';

export const pods = defineResource<Pod>({
  ...addressOf(refs.pods, ['po'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [
    { ...statusSubresource, roles: ['view'] },
    { name: 'log', verbs: ['get'], roles: ['view'] },
    ...streams,
    { ...proxy('PodProxyOptions'), roles: ['edit'] },
    { name: 'ephemeralcontainers', verbs: ['get', 'patch', 'update'], roles: ['edit'] },
    { name: 'resize', verbs: ['get', 'patch', 'update'], roles: ['edit'] },
    { name: 'binding', verbs: ['create'], gvk: { group: '', version: 'v1', kind: 'Binding' } },
    {
      name: 'eviction',
      verbs: ['create'],
      gvk: { group: 'policy', version: 'v1', kind: 'Eviction' },
      roles: ['edit'],
    },
  ],
  schema: 'io.k8s.api.core.v1.Pod',
  roles: ['view', 'edit'],
  example: { spec: { containers: [{ name: 'c', image: 'nginx' }] } },
  strategy: {
    applyDefaults: applyPodDefaults,
    prepareForCreate: preparePodCreate,
    prepareForUpdate: preparePodUpdate,
    prepareForStatusUpdate: preparePodStatusUpdate,
    resetFields: { status: [['spec'], ['metadata', 'ownerReferences']] },
    validate: validatePod,
    validateCreate: validatePodCreate,
    validateUpdate: validatePodUpdate,
    validateStatusUpdate: validatePodStatusUpdate,
    parts: { ephemeralcontainers: ephemeralContainerRules, resize: resizeRules },
    warnings: podWarnings,
    gracePeriodSeconds: podGracePeriodSeconds,
    answersDeleted: true,
    allowUnconditionalUpdate: true,
  },
  relations: [
    ofPod,

    {
      field: 'node',
      description: 'The Node it is bound to.',
      to: refs.nodes,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.nodeName },
    },
    {
      field: 'decisions',
      description: 'What the scheduler decided about it, the newest first.',
      to: refs.decisions,
      usual: 2,
      find: {
        by: 'fields',
        of: ({ metadata: { name = '', uid = '' } }) => ({ 'spec.podName': name, 'spec.podUID': uid }),
      },
    },
  ],
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
