import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { Secret } from '../index.js';
import { applySecretDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateSecret, validateSecretUpdate } from './validation.js';

export const secrets = defineResource<Secret>({
  ...addressOf(refs.secrets),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.Secret',
  strategy: {
    applyDefaults: applySecretDefaults,
    validate: validateSecret,
    validateUpdate: validateSecretUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: { type: (secret) => secret.type ?? '' },
});
