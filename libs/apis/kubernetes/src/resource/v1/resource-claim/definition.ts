import { fieldPath, validateImmutable } from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, keep, statusSubresource, validateMeta } from '@binnacle/apis-registry';
import { applyClaimDefaults, validateClaimSpec } from '../claim-spec.js';
import type { ResourceClaim } from '../index.js';
import { readSelectors } from '../selectors.js';
import { prepareClaimStatus } from './prepare.js';
import { printer } from './printer.js';
import { validateClaimStatusUpdate } from './status-validation.js';

const SPEC = fieldPath('spec');

export const resourceClaims = defineResource<ResourceClaim>({
  ...addressOf(refs.resourceclaims),
  priority,
  verbs: allVerbs,
  subresources: [{ ...statusSubresource, roles: ['view'] }],
  schema: 'io.k8s.api.resource.v1.ResourceClaim',
  roles: ['view', 'edit'],
  example: { spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu' } }] } } },
  strategy: {
    answersDeleted: true,
    resetFields: { status: [['spec'], ['metadata']] },
    applyDefaults: ({ spec }) => applyClaimDefaults(spec),
    prepareForCreate: (claim) => {
      claim.status = {};
    },
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: prepareClaimStatus,
    validate: (claim) => validateMeta(claim, true),
    *validateCreate({ spec }) {
      yield* readSelectors(spec?.devices?.requests);
      return validateClaimSpec(spec ?? {}, SPEC);
    },
    validateUpdate: (next, old) => validateImmutable(next.spec, old.spec, SPEC),
    validateStatusUpdate: validateClaimStatusUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
