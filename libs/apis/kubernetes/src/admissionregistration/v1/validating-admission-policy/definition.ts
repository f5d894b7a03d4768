import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, keep, keepMetadata, specAndStatus, statusSubresource } from '@binnacle/apis-registry';
import type { ValidatingAdmissionPolicy } from '../index.js';
import { applyMatchDefaults } from '../rules.js';
import { staticNameWarnings } from '../static-names.js';
import { printer } from './printer.js';
import { validatePolicyStatusUpdate } from './status-validation.js';
import { validateValidatingPolicy } from './validation.js';

export const validatingAdmissionPolicies = defineResource<ValidatingAdmissionPolicy>({
  ...addressOf(refs.validatingadmissionpolicies, [], ['api-extensions']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
  example: {
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      validations: [{ expression: "object.metadata.name != 'x'" }],
    },
  },
  strategy: {
    resetFields: { status: [['spec'], ['metadata']] },
    applyDefaults: (policy) => {
      policy.spec ??= {};
      policy.spec.failurePolicy ??= 'Fail';
      applyMatchDefaults(policy.spec.matchConstraints);
    },
    prepareForCreate: specAndStatus.create(() => ({})),
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: (next, old) => {
      keep(next, old, 'spec');
      keepMetadata(next, old);
    },
    validateCreate: validateValidatingPolicy,
    validateUpdate: (next) => validateValidatingPolicy(next),
    validateStatusUpdate: validatePolicyStatusUpdate,
    warnings: staticNameWarnings,
  },
  printer,
  fields: {},
});
