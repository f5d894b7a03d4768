import { fieldPath, nameIsPathSegment } from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { validatePolicyRule } from '../rules.js';
import { addressOf, allVerbs, defaultPrinter, each, validateMeta } from '@binnacle/apis-registry';
import type { Role } from '../index.js';

export const roles = defineResource<Role>({
  ...addressOf(refs.roles),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.rbac.v1.Role',
  example: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  strategy: {
    validate: (role) => [
      ...validateMeta(role, true, nameIsPathSegment),
      ...each(role.rules, fieldPath('rules'), (rule, at) => validatePolicyRule(rule, true, at)),
    ],
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  printer: defaultPrinter,
  fields: {},
});
