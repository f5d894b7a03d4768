import { workloadWarnings } from '../pod/warnings.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { specAndStatus } from '../../../registry/lifecycle.js';
import { selectorText } from '../../../registry/printing.js';
import { addressOf, allVerbs, scaleSubresource, statusSubresource } from '../../../registry/served.js';
import type { ReplicationController } from '../index.js';
import { applyReplicationControllerDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateReplicationController, validateReplicationControllerStatusUpdate } from './validation.js';

export const replicationControllers = defineResource<ReplicationController>({
  ...addressOf(refs.replicationcontrollers, ['rc'], ['all']),
  verbs: allVerbs,
  subresources: [statusSubresource, scaleSubresource],
  schema: 'io.k8s.api.core.v1.ReplicationController',
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
  printer,
  fields: { 'status.replicas': (controller) => String(controller.status?.replicas ?? 0) },
  scale: {
    get: ({ spec, status }) => ({
      spec: spec?.replicas ?? 0,
      status: status?.replicas ?? 0,
      selector: selectorText({ matchLabels: spec?.selector ?? {} }),
    }),
    set: (controller, replicas) => {
      controller.spec = { ...controller.spec, replicas };
    },
  },
});
