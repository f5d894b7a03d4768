import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration } from '@binnacle/apis-registry';
import type { MutatingAdmissionPolicy } from '../index.js';
import { policyPrinter } from '../policy-printer.js';
import { applyMatchDefaults } from '../rules.js';
import { staticNameWarnings } from '../static-names.js';
import { validateMutatingPolicy } from './validation.js';

export const mutatingAdmissionPolicies = defineResource<MutatingAdmissionPolicy>({
  ...addressOf(refs.mutatingadmissionpolicies, [], ['api-extensions']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy',
  example: {
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
      mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      reinvocationPolicy: 'Never',
    },
  },
  strategy: {
    applyDefaults: (policy) => {
      policy.spec ??= {};
      policy.spec.failurePolicy ??= 'Fail';
      applyMatchDefaults(policy.spec.matchConstraints);
    },
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'spec'),
    validateCreate: validateMutatingPolicy,
    validateUpdate: (next) => validateMutatingPolicy(next),
    warnings: staticNameWarnings,
  },
  printer: policyPrinter('Mutations', ({ spec }) => spec?.mutations?.length ?? 0),
  fields: {},
});
