import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, canonicalise, keep, statusSubresource } from '@binnacle/apis-registry';
import type { PersistentVolumeClaim } from '../index.js';
import { settleDataSources } from './data-source.js';
import { printer } from './printer.js';
import { applyClaimSpecDefaults } from './spec-rules.js';
import { validateClaimStatusUpdate } from './status-validation.js';
import { validateClaimUpdate } from './update-validation.js';
import { validateClaim } from './validation.js';
import { claimWarnings } from './warnings.js';

function applyDefaults(claim: PersistentVolumeClaim): void {
  claim.spec ??= {};
  claim.status ??= {};
  claim.status.phase ||= 'Pending';
  applyClaimSpecDefaults(claim.spec);
  canonicalise(claim.status.capacity, claim.status.allocatedResources);
}

export const persistentVolumeClaims = defineResource<PersistentVolumeClaim>({
  ...addressOf(refs.persistentvolumeclaims, ['pvc']),
  priority,
  verbs: allVerbs,
  subresources: [{ ...statusSubresource, roles: ['view'] }],
  schema: 'io.k8s.api.core.v1.PersistentVolumeClaim',
  roles: ['view', 'edit'],
  example: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  strategy: {
    answersDeleted: true,
    applyDefaults,
    prepareForCreate: (claim) => {
      claim.status = { phase: 'Pending' };
      settleDataSources(claim.spec ?? {});
    },
    prepareForUpdate: (next, old) => {
      keep(next, old, 'status');
      settleDataSources(next.spec ?? {}, old.spec);
    },
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    validate: validateClaim,
    validateUpdate: validateClaimUpdate,
    validateStatusUpdate: validateClaimStatusUpdate,
    warnings: claimWarnings,
    allowUnconditionalUpdate: true,
  },
  relations: [
    {
      field: 'volume',
      description: 'The PersistentVolume it is bound to.',
      to: refs.persistentvolumes,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.volumeName },
    },
    {
      field: 'storageClass',
      description: 'The class it asks for.',
      to: refs.storageclasses,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.storageClassName },
    },
  ],
  printer,
  fields: {},
});
