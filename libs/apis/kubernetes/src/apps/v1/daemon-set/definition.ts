import { templateWarnings } from '../../../core/v1/pod/warnings.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, fillStatus, specAndStatus, statusSubresource } from '@binnacle/apis-registry';
import type { DaemonSet } from '../index.js';
import { applyDaemonSetDefaults } from './defaults.js';
import { printer } from './printer.js';
import {
  countTemplateGeneration,
  keepTemplateGeneration,
  sameTemplateGeneration,
  startTemplateGeneration,
} from './template-generation.js';
import { validateDaemonSet, validateDaemonSetStatusUpdate, validateDaemonSetUpdate } from './validation.js';
import { ofWorkload } from '../../../usage/v1/relations.js';

const EMPTY_STATUS = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
const create = specAndStatus.create(() => ({ ...EMPTY_STATUS }));

export const daemonSets = defineResource<DaemonSet>({
  ...addressOf(refs.daemonsets, ['ds'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.apps.v1.DaemonSet',
  roles: ['view', 'edit'],
  example: {
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  },
  strategy: {
    applyDefaults: (set) => {
      applyDaemonSetDefaults(set);
      fillStatus(set, EMPTY_STATUS);
    },
    prepareForCreate: (set) => {
      create(set);
      startTemplateGeneration(set);
    },
    prepareForUpdate: (next, old) => {
      specAndStatus.update(next, old);
      countTemplateGeneration(next, old);
    },
    prepareForStatusUpdate: (next, old) => {
      specAndStatus.updateStatus(next, old);
      keepTemplateGeneration(next, old);
    },
    validate: validateDaemonSet,
    validateUpdate: validateDaemonSetUpdate,
    validateStatusUpdate: validateDaemonSetStatusUpdate,
    warnings: (next, old) => (old && sameTemplateGeneration(next, old) ? [] : templateWarnings(next, old)),
    allowUnconditionalUpdate: true,
  },
  relations: [
    ofWorkload('DaemonSet'),

    { field: 'pods', description: 'The Pods it controls.', to: refs.pods, usual: 5, find: { by: 'controller' } },
  ],
  printer,
  fields: {},
});
