import { workloadWarnings } from '../../../core/v1/pod/warnings.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { semanticEqual } from '@binnacle/machinery-validation';
import {
  keep,
  specAndStatus,
  addressOf,
  allVerbs,
  replicaScale,
  scaleSubresource,
  statusSubresource,
} from '@binnacle/apis-registry';
import type { Deployment } from '../index.js';
import { applyDeploymentDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateDeployment, validateDeploymentStatusUpdate, validateDeploymentUpdate } from './validation.js';
import { ofWorkload } from '../../../usage/v1/relations.js';

/** Annotations count too: the rollout revision is one, and the controller must see that it was observed. */
function prepareForUpdate(next: Deployment, old: Deployment): void {
  specAndStatus.update(next, old);
  if (!semanticEqual(next.metadata.annotations, old.metadata.annotations))
    next.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

function prepareForStatusUpdate(next: Deployment, old: Deployment): void {
  specAndStatus.updateStatus(next, old);
  keep(next.metadata, old.metadata, 'labels');
}

export const deployments = defineResource<Deployment>({
  ...addressOf(refs.deployments, ['deploy'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource, scaleSubresource],
  schema: 'io.k8s.api.apps.v1.Deployment',
  roles: ['view', 'edit'],
  example: {
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  },
  strategy: {
    applyDefaults: applyDeploymentDefaults,
    prepareForCreate: specAndStatus.create(() => ({})),
    prepareForUpdate,
    prepareForStatusUpdate,
    resetFields: { status: [['spec'], ['metadata', 'labels']] },
    validate: validateDeployment,
    validateUpdate: validateDeploymentUpdate,
    validateStatusUpdate: validateDeploymentStatusUpdate,
    warnings: workloadWarnings,
    allowUnconditionalUpdate: true,
  },
  relations: [
    ofWorkload('Deployment'),

    { field: 'replicaSets', description: 'Its revisions.', to: refs.replicasets, usual: 5, find: { by: 'controller' } },
    {
      field: 'pods',
      description: 'The Pods its selector chooses.',
      to: refs.pods,
      usual: 5,
      find: { by: 'selector', of: ({ spec }) => spec?.selector },
    },
  ],
  printer,
  fields: {},
  scale: replicaScale(({ spec }) => spec?.selector),
});
