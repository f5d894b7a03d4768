import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration } from '@binnacle/apis-registry';
import type { IngressClass } from '../index.js';
import { printer } from './printer.js';
import { validateIngressClass, validateIngressClassUpdate } from './validation.js';

export const ingressClasses = defineResource<IngressClass>({
  ...addressOf(refs.ingressclasses),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.networking.v1.IngressClass',
  roles: ['view'],
  example: { spec: { controller: 'example.com/ingress' } },
  strategy: {
    applyDefaults: (ingressClass) => {
      ingressClass.spec ??= {};
      if (ingressClass.spec.parameters) ingressClass.spec.parameters.scope ??= 'Cluster';
    },
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'spec'),
    validateCreate: validateIngressClass,
    validateUpdate: validateIngressClassUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
