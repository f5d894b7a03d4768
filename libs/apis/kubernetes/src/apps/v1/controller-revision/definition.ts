import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { ControllerRevision } from '../index.js';
import { printer } from './printer.js';
import { validateControllerRevision, validateControllerRevisionUpdate } from './validation.js';

export const controllerRevisions = defineResource<ControllerRevision>({
  ...addressOf(refs.controllerrevisions),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.apps.v1.ControllerRevision',
  roles: ['view'],
  example: { data: {}, revision: 1 },
  strategy: {
    validate: validateControllerRevision,
    validateUpdate: validateControllerRevisionUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
