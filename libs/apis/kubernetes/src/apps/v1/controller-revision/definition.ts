import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { ControllerRevision } from '../index.js';
import { printer } from './printer.js';
import { validateControllerRevision, validateControllerRevisionUpdate } from './validation.js';

export const controllerRevisions = defineResource<ControllerRevision>({
  ...addressOf(refs.controllerrevisions),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.apps.v1.ControllerRevision',
  strategy: {
    validate: validateControllerRevision,
    validateUpdate: validateControllerRevisionUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
