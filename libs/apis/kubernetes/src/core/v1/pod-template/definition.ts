import { fieldPath } from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { countGeneration, startGeneration } from '../../../registry/lifecycle.js';
import { validateMeta } from '../../../registry/rules.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { PodTemplate } from '../index.js';
import { applyPodTemplateDefaults } from '../pod/defaults.js';
import { validatePodTemplate } from '../pod/template-validation.js';
import { printer } from './printer.js';

export const podTemplates = defineResource<PodTemplate>({
  ...addressOf(refs.podtemplates),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.PodTemplate',
  strategy: {
    applyDefaults: ({ template }) => applyPodTemplateDefaults(template),
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'template'),
    validate: (object) => [
      ...validateMeta(object, true),
      ...validatePodTemplate(object.template ?? {}, fieldPath('template')),
    ],
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
