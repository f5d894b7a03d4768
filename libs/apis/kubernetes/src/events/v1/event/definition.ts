import { referenceFields } from '../../../core/v1/event/fields.js';
import { printer as corePrinter } from '../../../core/v1/event/printer.js';
import type { Event as CoreEvent } from '../../../core/v1/index.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { Event } from '../index.js';
import { fromStored, toStored } from './conversion.js';
import { validateEvent, validateEventUpdate, validateNewEvent } from './validation.js';

export const eventsV1 = defineResource<Event>({
  ...addressOf(refs.eventsV1, ['ev']),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.events.v1.Event',
  strategy: {
    validate: validateEvent,
    validateCreate: validateNewEvent,
    validateUpdate: validateEventUpdate,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  printer: {
    columns: corePrinter.columns,
    row: (event, now) => corePrinter.row(toStored(event) as unknown as CoreEvent, now),
  },
  fields: {
    ...referenceFields<Event>('regarding', (event) => event.regarding),
    reason: (event) => event.reason ?? '',
    reportingController: (event) => event.reportingController ?? '',
    type: (event) => event.type ?? '',
  },
  storage: { resource: 'events', toStored, fromStored },
});
