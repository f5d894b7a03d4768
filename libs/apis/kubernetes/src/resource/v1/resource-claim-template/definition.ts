import type { Steps } from '@binnacle/machinery-context';
import {
  type FieldError,
  fieldPath,
  validateAnnotations,
  validateImmutable,
  validateLabels,
} from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, ageColumn, ageOf, allVerbs, nameColumn, nameOf, validateMeta } from '@binnacle/apis-registry';
import { applyClaimDefaults, validateClaimSpec } from '../claim-spec.js';
import type { ResourceClaimTemplate } from '../index.js';
import { readSelectors } from '../selectors.js';

const SPEC = fieldPath('spec');

function* validateSpec({ spec }: ResourceClaimTemplate): Steps<FieldError[]> {
  yield* readSelectors(spec?.spec?.devices?.requests);
  return validateClaimSpec(spec?.spec ?? {}, SPEC.child('spec'));
}

export const resourceClaimTemplates = defineResource<ResourceClaimTemplate>({
  ...addressOf(refs.resourceclaimtemplates),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.resource.v1.ResourceClaimTemplate',
  roles: ['view', 'edit'],
  example: { spec: { spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu' } }] } } } },
  strategy: {
    answersDeleted: true,
    applyDefaults: ({ spec }) => applyClaimDefaults(spec?.spec),
    validate: (template) => [
      ...validateMeta(template, true),
      ...validateAnnotations(template.spec?.metadata?.annotations, SPEC.child('metadata', 'annotations')),
      ...validateLabels(template.spec?.metadata?.labels, SPEC.child('metadata', 'labels')),
    ],
    validateCreate: validateSpec,
    *validateUpdate(next, old) {
      return [...(yield* validateSpec(next)), ...validateImmutable(next.spec, old.spec, SPEC)];
    },
    allowUnconditionalUpdate: true,
  },
  printer: { columns: [nameColumn, ageColumn], row: (template, now) => [nameOf(template), ageOf(template, now)] },
  fields: {},
});
