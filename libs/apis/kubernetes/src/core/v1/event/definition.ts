import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { Event } from '../index.js';
import { eventFields } from './fields.js';
import { printer } from './printer.js';
import { validateEvent } from './validation.js';

export const events = defineResource<Event>({
  ...addressOf(refs.events, ['ev']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.Event',
  roles: ['view'],
  example: { involvedObject: { kind: 'Pod', namespace: 'ns', name: 'x' }, reason: 'Tested', type: 'Normal' },
  strategy: {
    applyDefaults: (event) => {
      event.involvedObject ??= {};
    },
    validate: validateEvent,
    allowCreateOnUpdate: true,
    // Nothing depends on an event.
    defaultPropagation: 'Unsupported',
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: eventFields,
  indexedFields: ['involvedObject.uid'],
});
