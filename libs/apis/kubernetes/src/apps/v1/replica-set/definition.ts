import { applyPodTemplateDefaults } from '../../../core/v1/pod/defaults.js';
import { workloadWarnings } from '../../../core/v1/pod/warnings.js';
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
import type { ReplicaSet, ReplicaSetSpec } from '../index.js';
import { printer } from './printer.js';
import { validateReplicaSet, validateReplicaSetStatusUpdate, validateReplicaSetUpdate } from './validation.js';
import { ofWorkload } from '../../../usage/v1/relations.js';

/** What upstream's types cannot leave out is there even when the client left it out, so that errors name the inner field. */
function applyDefaults(set: ReplicaSet): void {
  set.spec ??= {} as ReplicaSetSpec;
  const { spec } = set;
  spec.replicas ??= 1;
  spec.template ??= {};
  applyPodTemplateDefaults(spec.template);
}

export const replicaSets = defineResource<ReplicaSet>({
  ...addressOf(refs.replicasets, ['rs'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource, scaleSubresource],
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  roles: ['view', 'edit'],
  example: {
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  },
  strategy: {
    applyDefaults,
    prepareForCreate: specAndStatus.create(() => ({ replicas: 0 })),
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validate: validateReplicaSet,
    validateUpdate: validateReplicaSetUpdate,
    validateStatusUpdate: validateReplicaSetStatusUpdate,
    warnings: workloadWarnings,
    allowUnconditionalUpdate: true,
  },
  relations: [
    ofWorkload('ReplicaSet'),

    { field: 'pods', description: 'The Pods it controls.', to: refs.pods, usual: 5, find: { by: 'controller' } },
  ],
  printer,
  fields: {},
  scale: replicaScale(({ spec }) => spec?.selector),
});
