import { fieldPath } from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { countGeneration, startGeneration, validateMeta, addressOf, allVerbs } from '@binnacle/apis-registry';
import type { PodTemplate } from '../index.js';
import { applyPodTemplateDefaults } from '../pod/defaults.js';
import { validatePodTemplate } from '../pod/template-validation.js';
import { podTemplateWarnings } from '../pod/warnings.js';
import { printer } from './printer.js';

export const podTemplates = defineResource<PodTemplate>({
  ...addressOf(refs.podtemplates),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.PodTemplate',
  example: { template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
  strategy: {
    answersDeleted: true,
    applyDefaults: ({ template }) => applyPodTemplateDefaults(template),
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'template'),
    validate: (object) => [
      ...validateMeta(object, true),
      ...validatePodTemplate(object.template ?? {}, fieldPath('template')),
    ],
    // Said again only when the template has changed.
    warnings: (next, old) =>
      old && old.metadata.generation === next.metadata.generation
        ? []
        : podTemplateWarnings(next.template, fieldPath('template')),
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
