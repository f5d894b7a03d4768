import { fieldPath } from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration, validatePlainMeta } from '@binnacle/apis-registry';
import type { MutatingAdmissionPolicyBinding } from '../index.js';
import { validateBindingSpec } from '../param-ref.js';
import { bindingPrinter } from '../policy-printer.js';
import { applyMatchDefaults } from '../rules.js';
import { staticNameWarnings } from '../static-names.js';

export const mutatingAdmissionPolicyBindings = defineResource<MutatingAdmissionPolicyBinding>({
  ...addressOf(refs.mutatingadmissionpolicybindings, [], ['api-extensions']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding',
  example: { spec: { policyName: 'x' } },
  strategy: {
    applyDefaults: ({ spec }) => applyMatchDefaults(spec?.matchResources),
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'spec'),
    validate: (binding) => [
      ...validatePlainMeta(binding, false),
      ...validateBindingSpec(binding.spec ?? {}, fieldPath('spec')),
    ],
    warnings: staticNameWarnings,
  },
  printer: bindingPrinter,
  fields: {},
});
