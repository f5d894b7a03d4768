import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { ConfigMap } from '../index.js';
import { printer } from './printer.js';
import { validateConfigMap, validateConfigMapUpdate } from './validation.js';

export const configMaps = defineResource<ConfigMap>({
  ...addressOf(refs.configmaps, ['cm']),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.ConfigMap',
  strategy: { validate: validateConfigMap, validateUpdate: validateConfigMapUpdate, allowUnconditionalUpdate: true },
  printer,
  fields: {},
});
