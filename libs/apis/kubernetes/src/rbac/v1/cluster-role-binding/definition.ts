import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import {
  applyBindingDefaults,
  type Binding,
  bindingPrinter,
  validateBinding,
  validateBindingUpdate,
} from '../bindings.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';

export const clusterRoleBindings = defineResource<Binding>({
  ...addressOf(refs.clusterrolebindings),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  example: {
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'User', name: 'jane' }],
  },
  strategy: {
    applyDefaults: applyBindingDefaults,
    validate: (binding) => validateBinding(binding, false),
    validateUpdate: validateBindingUpdate,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  printer: bindingPrinter,
  fields: {},
});
