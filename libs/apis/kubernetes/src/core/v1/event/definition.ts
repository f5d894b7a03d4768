import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { Event } from '../index.js';
import { eventFields } from './fields.js';
import { printer } from './printer.js';
import { validateEvent } from './validation.js';

export const events = defineResource<Event>({
  ...addressOf(refs.events, ['ev']),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.Event',
  strategy: {
    applyDefaults: (event) => {
      event.involvedObject ??= {};
    },
    validate: validateEvent,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: eventFields,
  indexedFields: ['involvedObject.uid'],
});
