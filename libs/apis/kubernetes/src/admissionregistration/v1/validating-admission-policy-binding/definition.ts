import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration } from '@binnacle/apis-registry';
import type { ValidatingAdmissionPolicyBinding } from '../index.js';
import { bindingPrinter } from '../policy-printer.js';
import { applyMatchDefaults } from '../rules.js';
import { staticNameWarnings } from '../static-names.js';
import { validateValidatingBinding } from './validation.js';

export const validatingAdmissionPolicyBindings = defineResource<ValidatingAdmissionPolicyBinding>({
  ...addressOf(refs.validatingadmissionpolicybindings, [], ['api-extensions']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  example: { spec: { policyName: 'x', validationActions: ['Deny'] } },
  strategy: {
    applyDefaults: ({ spec }) => applyMatchDefaults(spec?.matchResources),
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'spec'),
    validate: validateValidatingBinding,
    warnings: staticNameWarnings,
  },
  printer: bindingPrinter,
  fields: {},
});
