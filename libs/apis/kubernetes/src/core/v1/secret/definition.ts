import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { Secret } from '../index.js';
import { applySecretDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateSecret, validateSecretUpdate } from './validation.js';

export const secrets = defineResource<Secret>({
  ...addressOf(refs.secrets),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.Secret',
  roles: ['edit'],
  example: { stringData: { password: 'x' } },
  strategy: {
    applyDefaults: applySecretDefaults,
    validate: validateSecret,
    validateUpdate: validateSecretUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: { type: (secret) => secret.type ?? '' },
});
