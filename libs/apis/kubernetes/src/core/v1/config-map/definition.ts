import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { ConfigMap } from '../index.js';
import { printer } from './printer.js';
import { validateConfigMap, validateConfigMapUpdate } from './validation.js';

export const configMaps = defineResource<ConfigMap>({
  ...addressOf(refs.configmaps, ['cm']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.ConfigMap',
  roles: ['view', 'edit'],
  example: { data: { key: 'value' } },
  strategy: { validate: validateConfigMap, validateUpdate: validateConfigMapUpdate, allowUnconditionalUpdate: true },
  printer,
  fields: {},
});
