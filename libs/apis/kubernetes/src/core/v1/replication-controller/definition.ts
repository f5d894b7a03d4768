import { workloadWarnings } from '../pod/warnings.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import {
  specAndStatus,
  addressOf,
  allVerbs,
  replicaScale,
  scaleSubresource,
  statusSubresource,
} from '@binnacle/apis-registry';
import type { ReplicationController } from '../index.js';
import { applyReplicationControllerDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateReplicationController, validateReplicationControllerStatusUpdate } from './validation.js';
import { ofWorkload } from '../../../usage/v1/relations.js';

export const replicationControllers = defineResource<ReplicationController>({
  ...addressOf(refs.replicationcontrollers, ['rc'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource, scaleSubresource],
  schema: 'io.k8s.api.core.v1.ReplicationController',
  roles: ['view', 'edit'],
  example: {
    spec: { template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
  },
  strategy: {
    applyDefaults: applyReplicationControllerDefaults,
    prepareForCreate: specAndStatus.create(() => ({ replicas: 0 })),
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validate: validateReplicationController,
    validateStatusUpdate: validateReplicationControllerStatusUpdate,
    warnings: workloadWarnings,
    allowUnconditionalUpdate: true,
    defaultPropagation: 'Orphan',
  },
  relations: [
    ofWorkload('ReplicationController'),

    { field: 'pods', description: 'The Pods it controls.', to: refs.pods, usual: 5, find: { by: 'controller' } },
  ],
  printer,
  fields: { 'status.replicas': (controller) => String(controller.status?.replicas ?? 0) },
  scale: replicaScale(({ spec }) => ({ matchLabels: spec?.selector ?? {} })),
});
