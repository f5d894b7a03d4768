import { workloadWarnings } from '../../../core/v1/pod/warnings.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { semanticEqual } from '@binnacle/machinery-validation';
import { keep, specAndStatus } from '../../../registry/lifecycle.js';
import { selectorText } from '../../../registry/printing.js';
import { addressOf, allVerbs, scaleSubresource, statusSubresource } from '../../../registry/served.js';
import type { Deployment } from '../index.js';
import { applyDeploymentDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateDeployment, validateDeploymentStatusUpdate, validateDeploymentUpdate } from './validation.js';

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
  verbs: allVerbs,
  subresources: [statusSubresource, scaleSubresource],
  schema: 'io.k8s.api.apps.v1.Deployment',
  strategy: {
    applyDefaults: applyDeploymentDefaults,
    prepareForCreate: specAndStatus.create(() => ({})),
    prepareForUpdate,
    prepareForStatusUpdate,
    validate: validateDeployment,
    validateUpdate: validateDeploymentUpdate,
    validateStatusUpdate: validateDeploymentStatusUpdate,
    warnings: workloadWarnings,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
  scale: {
    get: ({ spec, status }) => ({
      spec: spec?.replicas ?? 0,
      status: status?.replicas ?? 0,
      selector: selectorText(spec?.selector),
    }),
    set: ({ spec }, replicas) => {
      if (spec) spec.replicas = replicas;
    },
  },
});
